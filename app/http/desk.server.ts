import type { Desk } from '~/domain/desk'
import type { Feed } from '~/domain/jobs/feed.server'
import type { Environment } from '~/environment.server'

/** What the process serves: set once at start, kept across reloads of the build in development. */
export interface House {
  desk: Desk
  /** What happens to jobs, as it happens. */
  feed: Feed
  environment: Environment
  /** Signs the cookie; kept beside the database where SESSION_SECRET is not given. */
  sessionSecret: string
}

const kept = globalThis as typeof globalThis & { docketHouse?: House }

export function openHouse(house: House) {
  kept.docketHouse = house
}

export const houseIsOpen = () => kept.docketHouse !== undefined

/** @throws where a request comes before the start was through: the server does not listen until then */
export function house(): House {
  if (!kept.docketHouse) throw new Error('Docket has not started')
  return kept.docketHouse
}
