import { type LoaderFunctionArgs, redirect } from '@remix-run/node'
import { defaultSettings } from '~/domain/accounts/settings'
import type { Desk } from '~/domain/desk'
import type { UserActor } from '~/domain/policy'
import { paths } from '~/paths'
import { hadSession, type SignedIn, signedIn } from './auth.server'
import { oncePerRequest, shareReads } from './client-address.server'
import { house } from './desk.server'
import { assertCurrentVersion } from './newer-version.server'
import { refusePage } from './respond.server'

/**
 * Who may call a page's loader or action. Each one names its own: a parent's guards nothing. `signed-in` lets in also an
 * admin who must set up two-factor authentication before anything else.
 */
export type Rule = 'anyone' | 'signed-in' | 'user' | 'admin'

export interface PageContext<R extends Rule> {
  request: Request
  url: URL
  params: Record<string, string>
  desk: Desk
  /** The signed-in person; may be null where anyone is let in. */
  actor: R extends 'anyone' ? UserActor | null : UserActor
  session: R extends 'anyone' ? SignedIn | null : SignedIn
  /** The time zone whose days and clocks the page means. */
  timeZone: string
}

/** @throws {Response} a redirect to sign in or to set up two-factor authentication, or 404 for a page that is for admins only */
export async function contextFor<R extends Rule>(
  rule: R,
  { request, params }: Pick<LoaderFunctionArgs, 'request' | 'params'>,
): Promise<PageContext<R>> {
  assertCurrentVersion()
  const session = await signedIn(request)
  const url = new URL(request.url)
  // a form is on the page of its own address
  const next = url.pathname.replace(/\.data$/, '') + (request.method === 'GET' ? withoutRoutes(url) : '')
  if (rule !== 'anyone' && !session) {
    // who only came by is asked to sign in; who was signed in, or sends something, is told what happened
    const isEnded = request.method !== 'GET' || (await hadSession(request))
    throw redirect(paths.login(next, isEnded ? 'ended' : undefined), 303)
  }
  if (session?.mustSetUpTwoFactor && (rule === 'user' || rule === 'admin')) {
    throw redirect(paths.setUpTwoFactor(next), 303)
  }
  if (rule === 'admin' && session?.actor.role !== 'ADMIN') {
    throw new Response('This page does not exist, or it is not yours.', { status: 404 })
  }
  const { timeZone } = session?.settings ?? defaultSettings
  const actor = session?.actor ?? null
  const context = { request, url, params, desk: house().desk, actor, session, timeZone }
  return context as PageContext<R>
}

/** `_routes` is single fetch's own parameter. */
function withoutRoutes(url: URL): string {
  const search = new URLSearchParams(url.search)
  search.delete('_routes')
  return search.size > 0 ? `?${search}` : ''
}

interface LoadedAt<R extends Rule> {
  /** The log row up to which all loaders of this request show everything; null where nobody need be signed in. */
  head: R extends 'anyone' ? null : number
}

/** A page's loader: who may call it, and what it reads. Domain errors become pages by status. */
export function pageLoader<R extends Rule, Data>(
  rule: R,
  load: (context: PageContext<R> & LoadedAt<R>) => Promise<Data> | Data,
) {
  return async (args: LoaderFunctionArgs): Promise<Data> => {
    shareReads()
    const known = rule === 'anyone' ? null : oncePerRequest('head', () => house().feed.head())
    try {
      const [context, head] = await Promise.all([contextFor(rule, args), known])
      return await load({ ...context, head: head as LoadedAt<R>['head'] })
    } catch (error) {
      throw refusePage(error)
    }
  }
}
