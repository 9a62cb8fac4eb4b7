/** A form's fields; a list gives one name several values. */
export type Fields = Record<string, string | number | string[] | undefined>

export type JsonRequest = {
  token?: string
  body?: unknown
  /** A body that is sent as it is, instead of `body`. */
  text?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

/**
 * A browser without the browser: it keeps cookies, sends what a browser sends with a form, and follows no redirect, so
 * that a test sees each answer as it is.
 */
export class Client {
  readonly origin: string
  readonly cookies = new Map<string, string>()

  constructor(origin: string) {
    this.origin = origin
  }

  /** A page, or anything else that is read. */
  get(path: string, init: RequestInit = {}): Promise<Response> {
    return this.send(path, init, { accept: 'text/html', 'sec-fetch-site': 'same-origin' })
  }

  /** A plain form, sent with JavaScript off. */
  postForm(path: string, fields: Fields = {}, init: RequestInit = {}): Promise<Response> {
    const body = new URLSearchParams()
    for (const [name, value] of Object.entries(fields)) {
      for (const one of [value].flat()) if (one !== undefined) body.append(name, String(one))
    }
    return this.send(
      path,
      { method: 'POST', body, ...init },
      { accept: 'text/html', origin: this.origin, 'sec-fetch-site': 'same-origin' },
    )
  }

  /** A script's call: a bearer token where one is given, no cookie, no Origin. */
  json(
    method: string,
    path: string,
    { token, body, text, headers, signal }: JsonRequest = {},
  ): Promise<Response> {
    return fetch(new URL(path, this.origin), {
      method,
      redirect: 'manual',
      signal,
      body: text ?? (body === undefined ? undefined : JSON.stringify(body)),
      headers: {
        accept: 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
        ...((text ?? body) !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
    })
  }

  /** Goes where a redirect points, once. */
  follow(response: Response): Promise<Response> {
    const location = response.headers.get('location')
    if (!location) throw new Error(`${response.status} ${response.url} redirects nowhere`)
    return this.get(new URL(location, response.url).toString())
  }

  private async send(path: string, init: RequestInit, defaults: Record<string, string>) {
    const url = new URL(path, this.origin)
    const headers = new Headers({ ...defaults, ...Object.fromEntries(new Headers(init.headers)) })
    if (this.cookies.size > 0 && !headers.has('cookie')) {
      headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie)
    return response
  }

  private keep(cookie: string) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    const maxAge = /;\s*max-age=(-?\d+)/i.exec(cookie)?.[1]
    const expires = /;\s*expires=([^;]+)/i.exec(cookie)?.[1]
    const gone = maxAge !== undefined ? Number(maxAge) <= 0 : expires && Date.parse(expires) <= Date.now()
    if (gone || value === '') this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}
