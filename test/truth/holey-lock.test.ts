import { vi } from 'vitest';
import { isFound } from './holey-lock.ts';

vi.mock('../../src/measure/lock/mutex.ts', async () => ({ mutex: (await import('./holey-mutex.ts')).holey(100) }));

isFound(100, 1);
