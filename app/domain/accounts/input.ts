import { z } from 'zod'
import { roles } from '~db/vocabulary'
import { defaultTokenDays, maxCode, maxEmail, passwordLength, tokenDays, tokenScopes } from './limits'

/** The schemas of what people and scripts send about accounts, shared by forms and JSON. Pure. */

const line = (label: string, max: number) =>
  z
    .string({ error: `Give ${label}.` })
    .trim()
    .min(1, `Give ${label}.`)
    .max(max, `At most ${max} characters.`)
    .refine((value) => !/\p{Cc}/u.test(value), 'It holds a control character.')

/** As it is stored: trimmed and in lower case. */
export const normalEmail = (email: string) => email.trim().toLowerCase()

export const emailInput = z
  .string({ error: 'Give an email address.' })
  .transform(normalEmail)
  .pipe(z.email('This is not an email address.').max(maxEmail, `At most ${maxEmail} characters.`))

const anyPassword = (label: string) => z.string({ error: `Give ${label}.` }).min(1, `Give ${label}.`)

/** Of the second factor: from the authenticator app, or a recovery code. */
export const code = z
  .string({ error: 'Enter a code.' })
  .trim()
  .min(1, 'Enter a code.')
  .max(maxCode, `At most ${maxCode} characters.`)

export const signInCodeInput = z.object({ code, next: z.string().optional() })

/** In forms that `confirmPassword` asks in, which says what is missing. Its name is in `passwordFields`. */
export const currentPassword = z.string().optional()

const newPassword = z
  .string({ error: 'Choose a password.' })
  .min(passwordLength.min, `At least ${passwordLength.min} characters.`)
  .max(passwordLength.max, `At most ${passwordLength.max} characters.`)

const newPasswordFields = {
  password: newPassword,
  passwordConfirm: z.string({ error: 'Repeat the password.' }),
}

const bothPasswordsAgree = <Schema extends z.ZodType<{ password: string; passwordConfirm: string }>>(
  schema: Schema,
) =>
  schema.refine(({ password, passwordConfirm }) => password === passwordConfirm, {
    path: ['passwordConfirm'],
    message: 'The two passwords differ.',
  })

const checkbox = z.preprocess((value) => (value === 'on' ? true : value), z.boolean().default(false))

export const signInInput = z.object({
  email: z
    .string({ error: 'Give your email address.' })
    .transform(normalEmail)
    .pipe(z.string().max(maxEmail, `At most ${maxEmail} characters.`)),
  password: anyPassword('your password'),
  next: z.string().optional(),
})

const accountFields = { name: line('your name', 100), email: emailInput, ...newPasswordFields }

export const signUpInput = bothPasswordsAgree(z.object(accountFields))
export type SignUpInput = z.output<typeof signUpInput>

export const setupInput = bothPasswordsAgree(
  z.object({ token: z.string().default(''), ...accountFields, examples: checkbox }),
)
export type SetupInput = z.output<typeof setupInput>

export const inviteInput = z.object({
  email: emailInput,
  role: z.enum(roles, `Choose ${roles.join(' or ')}.`).default('USER'),
})
export type InviteInput = z.output<typeof inviteInput>

export const acceptInviteInput = bothPasswordsAgree(
  z.object({ token: z.string().default(''), name: accountFields.name, ...newPasswordFields }),
)
export type AcceptInviteInput = z.output<typeof acceptInviteInput>

export const changePasswordInput = bothPasswordsAgree(
  z.object({
    currentPassword: anyPassword('your current password'),
    ...newPasswordFields,
    revokeTokens: checkbox,
  }),
)
export type ChangePasswordInput = z.output<typeof changePasswordInput>

export const resetPasswordInput = bothPasswordsAgree(
  z.object({ token: z.string().default(''), ...newPasswordFields }),
)
export type ResetPasswordInput = z.output<typeof resetPasswordInput>

const numeric = (value: unknown) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value)

const scopes = z
  .array(z.enum(tokenScopes, `A scope is one of: ${tokenScopes.join(', ')}.`), 'Scopes are a list.')
  .min(1, 'Choose at least one scope.')
  .transform((chosen) => tokenScopes.filter((each) => chosen.includes(each)))

export const newTokenInput = z.object({
  name: line('the token a name', 100),
  expiresInDays: z
    .preprocess(numeric, z.literal([...tokenDays], `Choose ${tokenDays.join(', ')} days.`))
    .default(defaultTokenDays),
  /** Omitted or null: all that the account may. */
  scopes: scopes.nullable().default(null),
})
export type NewTokenInput = z.output<typeof newTokenInput>

/** The form's: no box ticked is a mistake there, and not a token that may do everything. */
export const newTokenFormInput = newTokenInput.extend({
  scopes: z.preprocess((value) => (typeof value === 'string' ? [value] : (value ?? [])), scopes),
})
