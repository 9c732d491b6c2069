// Holds the Argo CD resources in the given files against the published models of their kinds and prints a JSON list of
// findings. Resources of other groups are another checker's.
import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";

const GROUP = "argoproj.io/";

async function problems(resource) {
  const { apiVersion, kind } = resource ?? {};
  if (typeof apiVersion !== "string" || !apiVersion.startsWith(GROUP)) return [];
  if (!/^[a-z0-9]+$/.test(apiVersion.slice(GROUP.length)) || !/^[A-Za-z]+$/.test(kind)) {
    return [`${apiVersion} ${kind} is no kind`];
  }
  let models;
  try {
    models = await import(`@kubernetes-models/argo-cd/${apiVersion}/${kind}`);
  } catch {
    return [`there is no schema of ${apiVersion} ${kind}`];
  }
  try {
    new models[kind](resource).validate();
    return [];
  } catch (error) {
    return [error.message];
  }
}

const findings = [];
for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(await readFile(file, "utf8"))) {
    const texts = document.errors.map((error) => error.message);
    if (texts.length === 0) texts.push(...(await problems(document.toJS())));
    findings.push(...texts.map((text) => ({ file, text })));
  }
}
console.log(JSON.stringify(findings));
