// `npm publish` runs this first: the registry's page needs working links, and provenance needs the repository that the package was built from.
import { readFileSync } from 'node:fs';

const described = JSON.parse(readFileSync('package.json', 'utf8'));
const missing = ['homepage', 'repository', 'bugs'].filter((key) => {
  const value = described[key];
  const address = typeof value === 'object' && value !== null ? value.url : value;
  return typeof address !== 'string' || !/^(?:git\+)?https:\/\/\S+$|^github:\S+\/\S+$/u.test(address);
});
if (missing.length > 0) {
  console.error(`package.json has no ${missing.join(', no ')}: add the addresses of the project, then publish again.`);
  process.exitCode = 1;
}
