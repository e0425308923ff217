import { parentPort, workerData } from 'node:worker_threads';
import { Watch } from '../../core/watch.ts';
import { threadClock } from '../../host.ts';
import { openTerminal } from '../../terminal.ts';
import { Gate } from './gate.ts';
import type { FromScreen, ScreenData, ToScreen } from './messages.ts';
import { Screen } from './screen.ts';
import { Frames } from './sink.ts';

const { watch, epochNs, gate, ...shown } = workerData as ScreenData;
const frames = new Frames(openTerminal(), new Gate(gate));
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
