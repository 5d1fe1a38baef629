// Creates contacts with the official Node SDK, one per line of JSON on standard input, and writes a line of JSON each.
//   in   { contact, server, apiKey, retries, chance, stalls }, the contact with its names on the wire
//   out  { result, attempts, waits }, waits in milliseconds
// Waits take no time: the SDK's clock starts at the same time as the test's own, and every wait moves it. Its timeout
// elapses only if the server stalls, "before" or "after" its headers.
import { HTTPClient, Orq } from "@orq-ai/node";
import { createInterface } from "node:readline";

const realSetTimeout = setTimeout;
let now;
let chance;
let waits;
Date.now = () => now;
Math.random = () => chance;
globalThis.setTimeout = (callback, delay, ...rest) => {
  now += delay;
  waits.push(delay);
  return realSetTimeout(callback, 0, ...rest);
};

const { timeout } = AbortSignal;
let limit;
AbortSignal.timeout = (delay) => (limit ? limit.signal : timeout(delay));

function elapse() {
  limit.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
}

// This client's default retries; the SDK has none of its own.
const backoff = { initialInterval: 500, maxInterval: 60_000, exponent: 1.5, maxElapsedTime: 120_000 };

let hasUnhandledRejection;
process.on("unhandledRejection", () => (hasUnhandledRejection = true));

function contactOf({ external_id: externalId, display_name: displayName, avatar_url: avatarUrl, ...rest }) {
  return { externalId, displayName, avatarUrl, ...rest };
}

function nameOf(error) {
  if (error.name === "ConnectionError") return "no response";
  if (error.name === "RequestTimeoutError" || error.cause?.name === "TimeoutError") return "timeout";
  if (error.statusCode >= 300) return `error ${error.statusCode}`;
  return error.statusCode ? "unreadable response" : error.name;
}

for await (const line of createInterface({ input: process.stdin })) {
  const call = JSON.parse(line);
  let attempts = 0;
  now = Date.UTC(2026, 5, 2, 12);
  chance = call.chance;
  waits = [];
  hasUnhandledRejection = false;
  limit = call.stalls ? new AbortController() : undefined;
  const httpClient = new HTTPClient({
    fetcher: async (request) => {
      attempts++;
      if (call.stalls === "before") setImmediate(elapse);
      const response = await fetch(request);
      if (call.stalls === "after") setImmediate(elapse);
      return response;
    },
  });
  const orq = new Orq({
    httpClient,
    apiKey: call.apiKey,
    serverURL: call.server,
    retryConfig: call.retries ? { strategy: "backoff", backoff, retryConnectionErrors: true } : undefined,
  });
  let result;
  try {
    const contact = await orq.contacts.create(contactOf(call.contact));
    result = `contact updated ${contact.updated?.toISOString() ?? "never"}`;
  } catch (error) {
    result = nameOf(error);
  }

  // Node.js reports unhandled rejections only when it is idle.
  await new Promise((resolve) => setImmediate(resolve));
  if (hasUnhandledRejection) result += " and an unhandled rejection";

  console.log(JSON.stringify({ result, attempts, waits }));
}
