import pLimit from 'p-limit'
import { passwordLength } from './limits'
import { newSecret } from './secret.server'

/** OWASP's first choice for argon2id: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Each hash takes 19 MiB and a core: a rush of sign-ins waits in line. */
const atOnce = pLimit(2)

// a native module that a start need not wait for
const argon2 = () => import('@node-rs/argon2')

/** The same characters typed on different keyboards may come in different code points. */
const normal = (password: string) => password.normalize('NFKC')

/** @returns argon2id in PHC format */
export const hashPassword = (password: string): Promise<string> =>
  atOnce(async () => (await argon2()).hash(normal(password), parameters))

let dummyHash: Promise<string> | undefined

/**
 * @param passwordHash null for an unknown account: a dummy is checked instead, so that the answer takes as long
 */
export async function checkPassword(passwordHash: string | null, password: string): Promise<boolean> {
  dummyHash ??= hashPassword(newSecret())
  const dummy = await dummyHash
  const fits = await atOnce(async () => (await argon2()).verify(passwordHash ?? dummy, normal(password)))
  return fits && passwordHash !== null
}

let commonPasswords: Promise<Set<string>> | undefined

/** What is wrong with a password that somebody wants to set, in a sentence; null where nothing is. */
export async function passwordProblem(password: string): Promise<string | null> {
  if (password.length < passwordLength.min) return `At least ${passwordLength.min} characters.`
  if (password.length > passwordLength.max) return `At most ${passwordLength.max} characters.`
  // 390 KB that only this question needs
  commonPasswords ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary.passwords),
  )
  return (await commonPasswords).has(password.toLowerCase())
    ? 'This password is among the commonest ones, and so among the first to be tried. Choose another.'
    : null
}
