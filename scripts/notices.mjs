/**
 * Prints the licenses of the packages that an installation of Docket is made of: those that it runs on, and those whose code
 * is built into it. Ends with an error if one names no license. The Dockerfile calls it.
 *
 *   node scripts/notices.mjs > THIRD-PARTY-NOTICES.txt
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Packages that only the build needs, but that leave code in it: icons, styles, and the loader of scripts. */
const builtIn = ['lucide-react', 'tailwindcss', 'vite']
const licenseFile = /^(licen[cs]e|copying|notice)/i

/** @param {string} path of the package, relative to the root */
function noticeOf(path) {
  const folder = join(root, path)
  const { name, version, license, author, homepage } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  if (typeof license !== 'string') {
    console.error(`${name}@${version} names no license.`)
    process.exitCode = 1
  }
  const files = readdirSync(folder).filter((file) => licenseFile.test(file))
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim())
  const by = typeof author === 'string' ? author : author?.name
  return [
    `${name} ${version}`,
    `License: ${license}`,
    ...(by ? [`Author: ${by}`] : []),
    ...(homepage ? [homepage] : []),
    '',
    ...(texts.length > 0 ? texts : ['The package has no license text of its own.']),
  ].join('\n')
}

/** @type {{ packages: Record<string, { dev?: boolean }> }} */
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
const paths = Object.entries(packages).flatMap(([path, { dev }]) => {
  const isPart = path !== '' && (!dev || builtIn.some((name) => path === `node_modules/${name}`))
  // packages for other platforms are locked, but not installed
  return isPart && existsSync(join(root, path)) ? [path] : []
})
const line = `\n\n${'-'.repeat(80)}\n\n`
const head = 'Docket contains or runs on the following packages, under their own licenses.'
console.log([head, ...paths.map(noticeOf)].join(line))
