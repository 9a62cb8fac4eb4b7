import { describe, test } from 'vitest'
import { isOnRealServer } from './on-real-server'

/**
 * For tests of what a real libSQL server does not have, such as a file: with `npm run test:server` they are skipped, and
 * the reason is printed. A test file that is about files as a whole says so in its first comment instead: `@about-file`
 * and the reason.
 */
export const exceptOnServer = (reason: string) =>
  (isOnRealServer ? (name: string) => test(name, ({ skip }) => skip(reason)) : test) as (
    name: string,
    work: () => unknown,
    timeout?: number,
  ) => void

export const describeExceptOnServer = (reason: string) =>
  isOnRealServer
    ? (name: string, _: () => void) => describe(name, () => test('all of it', ({ skip }) => skip(reason)))
    : (name: string, work: () => void) => describe(name, work)
