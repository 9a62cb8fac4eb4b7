import { fileTests } from './file-tests'

/** Once, at the beginning of `npm run test:server`. */
export default function sayLeftOut() {
  for (const { file, reason } of fileTests())
    process.stdout.write(`Left out, since it is about files: ${file}: ${reason}\n`)
}
