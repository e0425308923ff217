import { parentPort, workerData } from 'node:worker_threads';
import { Watch } from '../../core/watch.ts';
import { threadClock } from '../../host.ts';
import { openTerminal } from '../../terminal.ts';
import type { FromScreen, ScreenData, ToScreen } from './messages.ts';
import { Screen } from './screen.ts';
import { Frames } from './sink.ts';

const { watch, epochNs, closed, ...shown } = workerData as ScreenData;
const isClosed = new Int32Array(closed);
const frames = new Frames(openTerminal(), () => Atomics.load(isClosed, 0) !== 0);
const screen = new Screen({ ...shown, watch: new Watch(watch), clock: threadClock(epochNs), frames });

const tell = (message: FromScreen): void => parentPort!.postMessage(message);

const hear = async (message: ToScreen): Promise<void> => {
  if (message.kind === 'size') screen.resize(message.size);
  else if (message.kind === 'key') screen.key(message.key);
  else if (message.kind === 'return') screen.return();
  else {
    await screen.leave();
    tell({ kind: 'gone' });
  }
};

parentPort!.on('message', (message: ToScreen) => void hear(message));
