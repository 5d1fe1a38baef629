// Sends contacts with the official Node SDK: reads a JSON array of its request objects from standard input and creates
// each in turn at the server whose address is the first argument, with the API key that is the second.
import { Orq } from "@orq-ai/node";
import { text } from "node:stream/consumers";

const orq = new Orq({ apiKey: process.argv[3], serverURL: process.argv[2] });
for (const contact of JSON.parse(await text(process.stdin))) await orq.contacts.create(contact);
