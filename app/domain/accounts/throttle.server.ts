import ipaddr from 'ipaddr.js'
import type { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Throttled } from '../errors'

const limits = {
  /** Failed sign-ins for an account from an address. */
  signInAccount: { points: 5, duration: 15 * 60 },
  /** Failed sign-ins from an address, whatever the account. */
  signInAddress: { points: 50, duration: 15 * 60 },
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
      signInAddress: make('signInAddress'),
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

async function consume(limit: Limit, key: string, what: string): Promise<void> {
  const used = await limiter(limit)
  try {
    await used.consume(key)
  } catch (refused) {
    if (refused instanceof Error) throw refused
    const seconds = Math.max(1, Math.ceil((refused as RateLimiterRes).msBeforeNext / 1000))
    throw new Throttled(`${what} Try again in ${inWords(seconds)}.`, seconds)
  }
}

const inWords = (seconds: number) => {
  const [amount, unit] = seconds < 60 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}

/**
 * Takes a try before the password is looked at, so that tries sent at once count too.
 *
 * @param email whether or not there is such an account
 * @returns gives the try back, and forgets the account's failures: call it when the password was right
 * @throws {Throttled}
 */
export async function trySignIn(email: string, address: string): Promise<() => Promise<void>> {
  const network = networkOf(address)
  const account = `${email} ${network}`
  await consume('signInAddress', network, 'Too many failed sign-ins from your address.')
  await consume('signInAccount', account, 'Too many failed sign-ins for this account.')
  return async () => {
    await (await limiter('signInAccount')).delete(account)
    await (await limiter('signInAddress')).reward(network)
  }
}

/** @throws {Throttled} */
export const trySignUp = (address: string) =>
  consume('signUp', networkOf(address), 'Too many new accounts from your address.')

/** @throws {Throttled} */
export const tokenFailed = (address: string) =>
  consume('token', networkOf(address), 'Too many requests with a bad token from your address.')
