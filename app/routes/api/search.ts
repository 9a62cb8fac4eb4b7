import { search } from '~/domain/search/search.server'
import { json, method, resource } from '~/http/json-action.server'
import { presentFound } from '~/http/present-search'

const door = resource({
  GET: method({
    rule: 'user',
    async handle({ desk, actor, url, timeZone }) {
      return json(presentFound(await search(desk, actor, url.searchParams.get('q') ?? '', timeZone)))
    },
  }),
})
export const loader = door.loader
export const action = door.action
