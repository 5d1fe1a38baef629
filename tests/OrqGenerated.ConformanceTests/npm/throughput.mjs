// Measures how many contacts per second the official Node SDK creates. Arguments: the server's address, the API key,
// the contact as JSON. For each line of standard input, "<concurrency> <milliseconds>", it writes the calls per second;
// with 0 milliseconds each worker makes one call.
import { Orq } from "@orq-ai/node";
import { createInterface } from "node:readline";

const [serverURL, apiKey, contact] = process.argv.slice(2);
const orq = new Orq({ apiKey, serverURL });
const request = JSON.parse(contact);

async function work(end) {
  let calls = 0;
  do {
    await orq.contacts.create(request);
    calls++;
  } while (performance.now() < end);
  return calls;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [concurrency, milliseconds] = line.split(" ").map(Number);
  const start = performance.now();
  const calls = await Promise.all(Array.from({ length: concurrency }, () => work(start + milliseconds)));
  const sum = calls.reduce((a, b) => a + b, 0);
  console.log((sum / (performance.now() - start)) * 1000);
}
