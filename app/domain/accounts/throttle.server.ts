import ipaddr from 'ipaddr.js'
import type { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Throttled } from '../errors'

const limits = {
  /** Failed sign-ins for an account from an address. */
  signInAccount: { points: 5, duration: 15 * 60 },
  /** Failed sign-ins for an account from anywhere; past it only known devices may try. */
  signInAnywhere: { points: 20, duration: 60 * 60 },
  /** Failed sign-ins from an address, whatever the account. */
  signInAddress: { points: 50, duration: 15 * 60 },
  /** Wrong passwords for an account from anywhere, by somebody who is signed in to it. */
  confirmation: { points: 20, duration: 60 * 60 },
  /** Wrong codes of the second factor for an account, by people who gave its password. */
  code: { points: 5, duration: 15 * 60 },
  signUp: { points: 20, duration: 60 * 60 },
  /** Unknown, expired or revoked API tokens from an address. */
  token: { points: 50, duration: 15 * 60 },
} as const

type Limit = keyof typeof limits

let limiters: Promise<Record<Limit, RateLimiterMemory>> | undefined

/** In this process's memory. The library is loaded when it is needed first: a start need not wait for it. */
function limiter(limit: Limit): Promise<RateLimiterMemory> {
  limiters ??= import('rate-limiter-flexible').then((library) => {
    const make = (name: Limit) => new library.RateLimiterMemory({ keyPrefix: name, ...limits[name] })
    return {
      signInAccount: make('signInAccount'),
      signInAnywhere: make('signInAnywhere'),
      signInAddress: make('signInAddress'),
      confirmation: make('confirmation'),
      code: make('code'),
      signUp: make('signUp'),
      token: make('token'),
    }
  })
  return limiters.then((all) => all[limit])
}

/** One subscriber has a whole /64 of IPv6 addresses. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

const throttled = (what: string, { msBeforeNext }: RateLimiterRes, before = 'Try') => {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000))
  return new Throttled(`${what} ${before} again in ${inWords(seconds)}.`, seconds)
}

async function consume(limit: Limit, key: string, what: string): Promise<void> {
  const used = await limiter(limit)
  try {
    await used.consume(key)
  } catch (refused) {
    if (refused instanceof Error) throw refused
    throw throttled(what, refused as RateLimiterRes)
  }
}

/** Takes nothing. */
async function assertLeft(limit: Limit, key: string, what: string, before?: string): Promise<void> {
  const used = await (await limiter(limit)).get(key)
  if (used && used.msBeforeNext > 0 && used.consumedPoints >= limits[limit].points)
    throw throttled(what, used, before)
}

const inWords = (seconds: number) => {
  const [amount, unit] = seconds < 60 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}

/** The last check of each network or account that has one under way. */
const lines = new Map<string, Promise<unknown>>()

/** One after the other for one network or account. */
async function inLine<T>(key: string, task: () => Promise<T>): Promise<T> {
  const before = lines.get(key) ?? Promise.resolve()
  const mine = before.then(task, task)
  lines.set(key, mine)
  try {
    return await mine
  } finally {
    if (lines.get(key) === mine) lines.delete(key)
  }
}

/**
 * Looks at a password, unless there were too many wrong ones. Only a wrong one counts, and a right one forgets the
 * account's failures. Checks from one network wait for each other: wrong ones sent at once can't all slip in before the
 * first is counted, and right ones sent at once are all let in.
 *
 * @param email whether or not there is such an account; at most 254 characters, as it is kept
 * @param isKnown whether this browser has signed in to the account before: it may go on trying after guesses from
 *   elsewhere have used up the account's limit, so that strangers can't lock its owner out
 * @param check null where the password is wrong
 * @throws {Throttled}
 */
export function limitedSignIn<T>(
  email: string,
  address: string,
  isKnown: boolean,
  check: () => Promise<T | null>,
): Promise<T | null> {
  const network = networkOf(address)
  const account = `${email} ${network}`
  return inLine(network, async () => {
    await assertLeft('signInAccount', account, 'Too many failed sign-ins for this account.')
    await assertLeft('signInAddress', network, 'Too many failed sign-ins from your address.')
    if (!isKnown) {
      const what = 'Too many failed sign-ins for this account.'
      await assertLeft('signInAnywhere', email, what, 'Use a browser that has signed in to it before, or try')
    }
    const found = await check()
    if (found !== null) {
      await (await limiter('signInAccount')).delete(account)
    } else {
      await (await limiter('signInAccount')).penalty(account)
      await (await limiter('signInAnywhere')).penalty(email)
      await (await limiter('signInAddress')).penalty(network)
    }
    return found
  })
}

/**
 * Looks at the password of somebody who is signed in, as `limitedSignIn` does for a known browser: strangers who use up the
 * account's limit from elsewhere don't lock its owner out. Who has a stolen session has a limit of their own, whatever
 * addresses they come from, and a right password does not reset it.
 *
 * @param check null where the password is wrong
 * @throws {Throttled}
 */
export const limitedConfirmation = <T>(
  userId: string,
  email: string,
  address: string,
  check: () => Promise<T | null>,
): Promise<T | null> =>
  inLine(`confirmation ${userId}`, async () => {
    await assertLeft('confirmation', userId, 'Too many wrong passwords for this account.')
    const found = await limitedSignIn(email, address, true, check)
    if (found === null) await (await limiter('confirmation')).penalty(userId)
    return found
  })

/**
 * Checks a code of the second factor, unless there were too many wrong ones. Only a wrong one counts, and a right one
 * forgets none of them: otherwise each sign-in of the owner would give somebody who has the password five more tries.
 *
 * @param check called one at a time for an account
 * @throws {Throttled}
 */
export const limitedCode = (userId: string, check: () => Promise<boolean>): Promise<boolean> =>
  inLine(`code ${userId}`, async () => {
    await assertLeft('code', userId, 'Too many wrong codes for this account.')
    const isRight = await check()
    if (!isRight) await (await limiter('code')).penalty(userId)
    return isRight
  })

/** @throws {Throttled} */
export const trySignUp = (address: string) =>
  consume('signUp', networkOf(address), 'Too many new accounts from your address.')

/** @throws {Throttled} */
export const tokenFailed = (address: string) =>
  consume('token', networkOf(address), 'Too many requests with a bad token from your address.')
