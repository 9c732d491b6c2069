// Lets Node import JSON without an import attribute, as the language service does.
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

if (isMainThread) register(import.meta.url);

export async function load(url, context, next) {
  if (!url.endsWith(".json")) return next(url, context);
  const source = `export default ${await readFile(new URL(url), "utf8")}`;
  return { format: "module", shortCircuit: true, source };
}
