import { describe, test } from 'vitest';
import { cases, expectAgreement } from './agreement.ts';

describe('the general search', () => {
  test.each(cases)('agrees with trying all orders on 50,000 histories of $name', (one) => {
    expectAgreement(one, 50_000);
  });
});
