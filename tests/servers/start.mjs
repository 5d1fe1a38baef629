// Starts WireMock and, in front of it, Prism, each on a free loopback port, and prints their addresses as one line of
// JSON. Both end with this process, and this process ends when its standard input does: however a test run dies, its
// servers die with it.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const jar = join(here, "node_modules/wiremock/build/wiremock-standalone-3.13.2.jar");
const prism = join(here, "node_modules/@stoplight/prism-cli/dist/index.js");
const document = process.argv[2] ?? join(here, "../../openapi/contacts.yaml");

const root = mkdtempSync(join(tmpdir(), "wiremock-"));
const children = [];
let stopping = false;

function stop(exitCode, message) {
  if (stopping) return;
  stopping = true;
  if (message) console.error(message);
  for (const child of children) child.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true });
  process.exit(exitCode);
}

// Resolves with what `ready` captures from the server's output.
function start(name, command, args, ready) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, FORCE_COLOR: "0" },
    });
    children.push(child);
    let output = "";
    const read = (text) => {
      output = (output + text).slice(-10_000);
      const match = ready.exec(output);
      if (match) resolve(match[1]);
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    child.on("error", (error) => stop(1, `${name} could not be started: ${error.message}`));
    child.on("exit", (code) => stop(1, `${name} ended with exit code ${code}: ${output.trim()}`));
  });
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(0));
process.stdin.on("end", () => stop(0)).on("error", () => stop(0)).resume();

const java = /version "(\d+)/.exec(spawnSync("java", ["-version"], { encoding: "utf8" }).stderr ?? "");
if (!java || Number(java[1]) < 17) {
  stop(1, "Install a Java runtime, version 17 or newer, and put it on the PATH: WireMock, the server that the contract tests talk to, needs it.");
}

const wiremockPort = await start(
  "WireMock",
  "java",
  ["-jar", jar, "--port", "0", "--bind-address", "127.0.0.1", "--root-dir", root, "--disable-banner", "--disable-request-logging"],
  /^port: +(\d+)\s/m,
);
const wiremock = `http://127.0.0.1:${wiremockPort}`;
const proxy = await start(
  "Prism",
  process.execPath,
  [prism, "proxy", document, wiremock, "--errors", "--host", "127.0.0.1", "--port", "0", "--multiprocess", "false"],
  /listening on (http:\S+)\s/,
);
console.log(JSON.stringify({ wiremock, prism: proxy }));
