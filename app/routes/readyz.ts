import { json, method, resource } from '~/http/json-action.server'

const door = resource({
  GET: method({
    rule: 'anyone',
    anyQuery: true,
    async handle({ desk }) {
      const ready = await desk.db.probe()
      return json({ ready }, ready ? 200 : 503)
    },
  }),
})
export const loader = door.loader
export const action = door.action
