import { createHash } from 'node:crypto'
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node'
import { z } from 'zod'
import type { Desk } from '~/domain/desk'
import { Conflict, Invalid, NotFound } from '~/domain/errors'
import { ExactNumber, exactJson } from '~/domain/exact-json'
import { type LogOrder, logOrders } from '~/domain/jobs/log-filter'
import { lookup } from '~/domain/lookup'
import { change } from '~/domain/own-writes.server'
import type { UserActor } from '~/domain/policy'
import { utc } from '~/domain/zones/clock'
import { noSuchZone, timeZoneNamed } from '~/domain/zones/names'
import { apiCaller } from './auth.server'
import { RequestRefused, readJson } from './body.server'
import { house } from './desk.server'
import { type JsonPart, jsonParts } from './json-text'
import { assertCurrentVersion } from './newer-version.server'
import type { Rule } from './page.server'
import { presentChange } from './present'
import { assertParameters } from './query-parameters'
import { refusalOf } from './respond.server'
import { streamed } from './stream.server'

export interface ApiContext<R extends Rule, Value = undefined> {
  request: Request
  url: URL
  params: Record<string, string>
  desk: Desk
  /** The time zone whose days are meant: the parameter `timeZone`, or UTC. */
  timeZone: string
  /** Null only where the rule is `anyone`. */
  actor: R extends 'anyone' ? null : UserActor
  /** The parsed body, where the method has a schema. */
  value: Value
  /** The body as it was sent. */
  text: string
}

export interface Method<R extends Rule = Rule, Schema extends z.ZodType = z.ZodType> {
  rule: R
  body?: Schema
  /** A field, an object, whose numbers the schema gets as text, as they were written: with every digit. */
  digitsOf?: string
  /** Takes whatever is in the query string; else it is checked against `queryParameters`. */
  anyQuery?: true
  /** Answered also when a newer version of Docket has taken over the database. */
  anyVersion?: true
  handle(context: ApiContext<R, z.output<Schema>>): Promise<Response> | Response
}

/** Ties a method's rule and schema to its handler's types. */
export const method = <R extends Rule, Schema extends z.ZodType = z.ZodUndefined>(
  options: Method<R, Schema>,
) => options as unknown as Method

type MethodName = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** A JSON resource: one handler a method, 405 for the rest, every refusal as problem+json (RFC 9457). */
export function resource(methods: Partial<Record<MethodName, Method>>) {
  const allow = Object.keys(methods).flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]))
  async function answer({ request, params }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
    try {
      const name = request.method === 'HEAD' ? 'GET' : request.method
      const chosen = lookup(methods, name)
      if (!chosen) {
        throw new RequestRefused(405, `${request.method} is not possible here.`, { Allow: allow.join(', ') })
      }
      if (!chosen.anyVersion) assertCurrentVersion()
      const actor = await callerFor(chosen.rule, name, request)
      const url = new URL(request.url)
      if (!chosen.anyQuery) assertParameters(url)
      const { value, text } = await bodyOf(chosen, request)
      const { desk } = house()
      const timeZone = chosen.anyQuery ? utc : timeZoneParameter(url)
      const context = { request, url, params: params as Record<string, string>, desk, timeZone, value, text }
      const handle = async () => chosen.handle({ ...context, actor: actor as UserActor })
      return name === 'GET' ? await handle() : await change(desk, handle)
    } catch (error) {
      if (error instanceof Response) return error
      return problem(error)
    }
  }
  return { loader: answer, action: answer }
}

/** @throws {Invalid} on `timeZone`, if there is no zone of that name */
function timeZoneParameter(url: URL): string {
  const given = url.searchParams.get('timeZone')
  const zone = given === null ? utc : timeZoneNamed(given)
  if (zone === null) throw new Invalid({ timeZone: [noSuchZone] })
  return zone
}

/** To an ordinary user an admin's resource is not there. */
async function callerFor(rule: Rule, name: string, request: Request): Promise<UserActor | null> {
  if (rule === 'anyone') return null
  const caller = await apiCaller(request, rule === 'admin' ? 'admin' : name === 'GET' ? 'read' : 'write')
  if (rule === 'admin' && caller.role !== 'ADMIN') throw new NotFound('This resource')
  return caller
}

async function bodyOf(chosen: Method, request: Request) {
  if (!chosen.body) return { value: undefined, text: '' }
  const { value, text } = await readJson(request)
  const parsed = chosen.body.safeParse(chosen.digitsOf ? withDigits(value, text, chosen.digitsOf) : value)
  if (parsed.success) return { value: parsed.data, text }
  throw new Invalid(fieldErrorsOf(parsed.error))
}

/** JSON.parse makes 1.1 of 1.10, and 12345678901234567000 of 12345678901234567890. @throws {RequestRefused} 400 */
function withDigits(body: unknown, text: string, field: string): unknown {
  if (!isObject(body) || !isObject(body[field])) return body
  const exact = exactObject(text)[field] as object
  const written = Object.entries(exact).flatMap(([name, value]) =>
    value instanceof ExactNumber ? [[name, value.written]] : [],
  )
  return { ...body, [field]: { ...body[field], ...Object.fromEntries(written) } }
}

function exactObject(text: string): Record<string, unknown> {
  try {
    return exactJson(text).root as Record<string, unknown>
  } catch {
    throw new RequestRefused(400, 'The body nests too deep.')
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function fieldErrorsOf(error: z.ZodError): Record<string, string[]> {
  const { formErrors, fieldErrors } = z.flattenError(error)
  const fields = fieldErrors as Record<string, string[] | undefined>
  const all = Object.entries(fields).flatMap(([field, messages]) =>
    messages ? [[field, messages] as const] : [],
  )
  return { ...Object.fromEntries(all), ...(formErrors.length > 0 ? { body: formErrors } : {}) }
}

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Invalid',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
}

/** RFC 9457: `type`, `title`, `status`, `detail`, and `errors` by field where fields are at fault. */
export function problem(error: unknown): Response {
  const { status, message, headers, reference, reason } = refusalOf(error)
  return problemResponse(status, message, headers, {
    ...(error instanceof Invalid ? { errors: error.fields } : {}),
    ...(error instanceof Conflict
      ? {
          reason: error.reason,
          ...(error.jobId ? { jobId: error.jobId } : {}),
          ...(error.count === undefined ? {} : { count: error.count }),
          ...(error.schedules ? { schedules: error.schedules } : {}),
          ...(error.changes.length > 0 ? { changes: error.changes.map(presentChange) } : {}),
        }
      : {}),
    ...(reference ? { reference } : {}),
    ...(reason ? { reason } : {}),
  })
}

function problemResponse(
  status: number,
  detail: string,
  headers: HeadersInit = {},
  more: object = {},
): Response {
  const body = { type: 'about:blank', title: titles[status] ?? 'Error', status, detail, ...more }
  const all = new Headers(headers)
  all.set('Content-Type', 'application/problem+json')
  all.set('Cache-Control', 'no-store')
  return new Response(JSON.stringify(body), { status, headers: all })
}

/** A JSON answer. No cache keeps it, unless it has an ETag: then the caller's own may, and asks each time. */
export function json(value: unknown, status = 200, headers: HeadersInit = {}): Response {
  return jsonPartsAnswer(jsonParts(value), status, headers)
}

/** What has parts of bytes is long, and streamed. */
function jsonPartsAnswer(parts: JsonPart[], status = 200, headers: HeadersInit = {}): Response {
  const texts = parts.filter((part) => typeof part === 'string')
  if (texts.length === parts.length) return jsonText(texts.join(''), status, headers)
  const all = jsonHeaders(headers)
  all.set('Content-Length', String(parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0)))
  return streamed(oneByOne(parts), all, { status })
}

async function* oneByOne(parts: JsonPart[]) {
  yield* parts
}

export function jsonText(text: string, status = 200, headers: HeadersInit = {}): Response {
  return new Response(text, { status, headers: jsonHeaders(headers) })
}

function jsonHeaders(headers: HeadersInit): Headers {
  const all = new Headers(headers)
  all.set('Content-Type', 'application/json; charset=utf-8')
  if (!all.has('Cache-Control')) all.set('Cache-Control', all.has('ETag') ? 'private, no-cache' : 'no-store')
  return all
}

/**
 * A conditional GET (RFC 9110, section 13): 304 where the caller's copy is the same as this answer. For what changes
 * without a log row of its own: why a job waits is about agents, about other jobs, and about the time.
 */
export async function conditional(request: Request, value: () => Promise<unknown>): Promise<Response> {
  const parts = jsonParts(await value())
  // a long result changes only with the version beside it
  const tag = tagOf(parts.map((part) => (typeof part === 'string' ? part : part.byteLength)).join(''))
  return unlessKnown(request, tag, (headers) => jsonPartsAnswer(parts, 200, headers))
}

/**
 * The same for what only grows with the log, and so need not be read to tell that it is as it was.
 * @param seq of the newest log row among what is shown: it changes with everything that happens
 */
export async function conditionalBySeq(
  request: Request,
  seq: number,
  value: () => Promise<unknown>,
): Promise<Response> {
  const { search } = new URL(request.url)
  return unlessKnown(request, `${seq}${search && `-${tagOf(search)}`}`, async (headers) =>
    json(await value(), 200, headers),
  )
}

/** Changes whenever the text does. */
export const tagOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** 304 where the caller's copy has this tag; else the answer, which gets the headers that tell a copy's use. */
export async function unlessKnown(
  request: Request,
  tag: string,
  answer: (headers: Record<string, string>) => Response | Promise<Response>,
): Promise<Response> {
  const etag = `W/"${tag}"`
  const known = (request.headers.get('if-none-match') ?? '').split(',').map((each) => each.trim())
  const headers = { ETag: etag, 'Cache-Control': 'private, no-cache', Vary: 'Authorization, Cookie' }
  if (known.includes(etag) || known.includes('*')) return new Response(null, { status: 304, headers })
  return answer(headers)
}

const limitParameter = z
  .string()
  .regex(/^\d{1,3}$/, 'limit is a whole number from 1 to 100.')
  .transform(Number)
  .refine((limit) => limit >= 1 && limit <= 100, 'limit is a whole number from 1 to 100.')

/** `order` of what has one: as it happened, unless asked otherwise. @throws {Invalid} */
export function orderParameter(url: URL): LogOrder {
  const given = url.searchParams.get('order')?.trim() || 'oldest'
  const order = logOrders.find((each) => each === given)
  if (!order) throw new Invalid({ order: [`The order is one of: ${logOrders.join(', ')}.`] })
  return order
}

/** `cursor` and `limit` of a list. @throws {Invalid} */
export function pageParameters(url: URL): { cursor: string | null; limit: number } {
  const given = url.searchParams.get('limit')
  const limit = limitParameter.safeParse(given ?? '25')
  if (!limit.success) throw new Invalid({ limit: limit.error.issues.map(({ message }) => message) })
  return { cursor: url.searchParams.get('cursor'), limit: limit.data }
}
