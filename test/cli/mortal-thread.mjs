// Loaded into every thread of the built command: its second worker dies in its fourth job, as if something had ended it.
import { isMainThread, parentPort, threadId } from 'node:worker_threads';

if (!isMainThread && threadId === 2) {
  const tell = parentPort.postMessage.bind(parentPort);
  let jobs = 0;
  parentPort.postMessage = (message) => {
    tell(message);
    if (message.kind === 'ready' && ++jobs === 4) setTimeout(() => process.exit(13), 500);
  };
}
