import { vi } from 'vitest';
import { isFound } from './holey-lock.ts';

vi.mock('../../src/measure/lock/mutex.ts', async () => ({ mutex: (await import('./holey-mutex.ts')).holey(1000) }));

isFound(1000, 10);
