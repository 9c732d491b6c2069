// Decides requests with iam-simulate: one JSON object a line comes in, its verdict goes out as one line.
import readline from 'node:readline';
import { runSimulation } from '@cloud-copilot/iam-simulate';

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { simulation } = JSON.parse(line);
  let verdict;
  try {
    const result = await runSimulation(simulation, {});
    verdict = result.overallResult ?? `error: ${JSON.stringify(result.errors)}`;
  } catch (error) {
    verdict = `error: ${error.message}`;
  }
  console.log(JSON.stringify({ verdict }));
}
