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

type Estimator = import('@zxcvbn-ts/core').ZxcvbnFactory
let estimator: Promise<Estimator> | undefined

/** Dictionaries of 2 MB that only this question needs. */
const loadEstimator = async (): Promise<Estimator> => {
  const [{ ZxcvbnFactory }, common] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  // with the default of 100 a crafted password takes ten times as long
  return new ZxcvbnFactory({
    dictionary: common.dictionary,
    graphs: common.adjacencyGraphs,
    l33tMaxSubstitutions: 4,
  })
}

/** From 0 to 4 (https://github.com/zxcvbn-ts/zxcvbn): 3 takes more than 10^8 guesses. */
const minScore = 3
/** The time an estimate takes grows with the square of the length; a longer password only gets better. */
const maxEstimatedLength = 32

/**
 * What is wrong with a password that somebody wants to set, in a sentence; null if nothing is.
 * @param about what an attacker knows of its owner: name, email address
 */
export async function passwordProblem(password: string, about: string[]): Promise<string | null> {
  if (password.length < passwordLength.min) return `At least ${passwordLength.min} characters.`
  if (password.length > passwordLength.max) return `At most ${passwordLength.max} characters.`
  estimator ??= loadEstimator()
  const inputs = about.flatMap((each) => [each, ...each.split(/[\s@.]+/)]).filter((each) => each.length > 2)
  const { score } = (await estimator).check(password.slice(0, maxEstimatedLength), inputs)
  return score < minScore
    ? 'This password is too easy to guess. Try a longer one, such as several unrelated words.'
    : null
}
