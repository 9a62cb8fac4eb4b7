import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { CannotStart } from '~db/errors'

const isLoopback = (host: string) =>
  host === 'localhost' || (ipaddr.isValid(host) && ipaddr.parse(host).range() === 'loopback')

const origin = z
  .url({ protocol: /^https?$/, error: 'APP_ORIGIN is an address such as https://docket.example.com.' })
  .transform((value) => new URL(value))
  .refine(
    (url) => url.href === `${url.origin}/`,
    'APP_ORIGIN has no path, query or name: only scheme, host and port, such as https://docket.example.com.',
  )
  .transform((url) => url.origin)

/** Every setting; each is named in `.env.example`. Empty means not set. */
const schema = z
  .object({
    DATABASE_URL: z
      .string()
      .regex(/^(file|libsql|https?):/, 'DATABASE_URL starts with file:, libsql://, https:// or http://.')
      .refine(
        (url) => !/^file:\/*(\?|$)/.test(url),
        'DATABASE_URL names no file, such as file:./data/docket.db.',
      )
      .default('file:./data/docket.db'),
    DATABASE_AUTH_TOKEN: z.string().optional(),
    PORT: z.coerce
      .number('PORT is a number.')
      .int()
      .min(1, 'PORT is 1 to 65535.')
      .max(65_535, 'PORT is 1 to 65535.')
      .default(3000),
    HOST: z.string().default('127.0.0.1'),
    APP_ORIGIN: origin.optional(),
    SESSION_SECRET: z.string().min(32, 'SESSION_SECRET has at least 32 characters.').optional(),
    SIGNUP: z.enum(['open', 'closed'], 'SIGNUP is open or closed.').default('closed'),
    ADMIN_EMAIL: z.email('ADMIN_EMAIL is an email address.').optional(),
    ADMIN_PASSWORD: z.string().min(8, 'ADMIN_PASSWORD has at least 8 characters.').optional(),
    /** Which proxies may set X-Forwarded-*: `loopback`, or addresses and CIDR ranges separated by commas. */
    TRUST_PROXY: z
      .string()
      .transform((value) => value.split(',').map((each) => each.trim()))
      .refine(
        (all) => all.every((each) => each === 'loopback' || ipaddr.isValid(each) || ipaddr.isValidCIDR(each)),
        'TRUST_PROXY is loopback, or addresses and CIDR ranges separated by commas.',
      )
      .optional(),
    /** Further names that Docket is opened under, besides APP_ORIGIN's, localhost and addresses. */
    ALLOWED_HOSTS: z
      .string()
      .transform((value) => value.split(',').map((each) => each.trim().toLowerCase()))
      .refine(
        (all) =>
          all.every((each) => URL.canParse(`http://${each}`) && new URL(`http://${each}`).hostname === each),
        'ALLOWED_HOSTS is host names without ports, separated by commas, such as docket.internal,docket.lan.',
      )
      .optional(),
    BACKUPS: z.enum(['daily', 'off'], 'BACKUPS is daily or off.').default('daily'),
    /** How many daily backups to keep. */
    BACKUPS_KEPT: z.coerce
      .number('BACKUPS_KEPT is a number.')
      .int('BACKUPS_KEPT is a whole number.')
      .min(1, 'BACKUPS_KEPT is 1 to 365.')
      .max(365, 'BACKUPS_KEPT is 1 to 365.')
      .default(7),
    /** For an APP_ORIGIN with https: whether browsers must use https for all its subdomains as well. */
    HSTS_INCLUDE_SUBDOMAINS: z
      .enum(['true', 'false'], 'HSTS_INCLUDE_SUBDOMAINS is true or false.')
      .default('false')
      .transform((value) => value === 'true'),
    /** Whether admins need two-factor authentication before they can do anything else. */
    REQUIRE_ADMIN_2FA: z
      .enum(['true', 'false'], 'REQUIRE_ADMIN_2FA is true or false.')
      .default('false')
      .transform((value) => value === 'true'),
    MAX_RESULT_BYTES: z.coerce
      .number('MAX_RESULT_BYTES is a number.')
      .int('MAX_RESULT_BYTES is a whole number.')
      .min(1000, 'MAX_RESULT_BYTES is 1,000 to 100,000,000.')
      .max(100_000_000, 'MAX_RESULT_BYTES is 1,000 to 100,000,000.')
      .default(10_000_000),
    LOG_LEVEL: z
      .enum(
        ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
        'LOG_LEVEL is fatal, error, warn, info, debug, trace or silent.',
      )
      .default('info'),
  })
  .superRefine((env, context) => {
    if (!env.APP_ORIGIN && !isLoopback(env.HOST)) {
      context.addIssue({
        code: 'custom',
        message:
          'APP_ORIGIN is required when HOST is not a loopback address: it is the address people open, such as https://docket.example.com.',
      })
    }
    if (Boolean(env.ADMIN_EMAIL) !== Boolean(env.ADMIN_PASSWORD)) {
      context.addIssue({ code: 'custom', message: 'ADMIN_EMAIL and ADMIN_PASSWORD go together.' })
    }
  })
  .transform(({ APP_ORIGIN, ...env }) => ({
    ...env,
    APP_ORIGIN: APP_ORIGIN ?? `http://${env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST}:${env.PORT}`,
  }))

export type Environment = z.output<typeof schema>

/** @throws {CannotStart} with a sentence a line where a setting is wrong */
export function readEnvironment(from: Record<string, string | undefined> = process.env): Environment {
  const given = Object.fromEntries(Object.entries(from).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new CannotStart(parsed.error.issues.map((issue) => issue.message).join('\n'))
}
