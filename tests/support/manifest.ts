import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A route as the build has it. */
export interface BuiltRoute {
  id: string
  parentId?: string
  /** Its part of the URL, after its parents'. */
  path?: string
  index?: boolean
  hasLoader: boolean
  hasAction: boolean
}

/** The routes of the built app, from the manifest that browsers get. */
export function builtRoutes(): Map<string, BuiltRoute & { url: string }> {
  const folder = join(process.cwd(), 'build/client/assets')
  const file = readdirSync(folder).find((name) => /^manifest-.*\.js$/.test(name))
  if (!file) throw new Error('No manifest in build/client/assets: run `npm run build` first.')
  const text = readFileSync(join(folder, file), 'utf8')
  const { routes } = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as {
    routes: Record<string, BuiltRoute>
  }
  const urlOf = (route: BuiltRoute): string => {
    const parent = route.parentId ? routes[route.parentId] : undefined
    return `${parent ? urlOf(parent) : ''}${route.path ? `/${route.path.replace(/^\//, '')}` : ''}`
  }
  return new Map(Object.entries(routes).map(([id, route]) => [id, { ...route, url: urlOf(route) || '/' }]))
}
