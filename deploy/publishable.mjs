// `npm publish` runs it first: what the registry shows of a package has to lead somewhere, and provenance needs to know from where it was built.
import { readFileSync } from 'node:fs';

const described = JSON.parse(readFileSync('package.json', 'utf8'));
const missing = ['homepage', 'repository', 'bugs'].filter((key) => {
  const value = described[key];
  const address = typeof value === 'object' && value !== null ? value.url : value;
  return typeof address !== 'string' || !/^(?:git\+)?https:\/\/\S+$|^github:\S+\/\S+$/u.test(address);
});
if (missing.length > 0) {
  console.error(`package.json has no ${missing.join(', no ')}: write where the project lives, then publish again.`);
  process.exitCode = 1;
}
