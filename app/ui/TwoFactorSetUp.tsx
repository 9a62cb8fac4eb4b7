import { CodeField } from './CodeField'
import { CurrentPassword } from './CurrentPassword'
import { FormErrors, PostForm, type Reply, SubmitButton } from './forms'
import { QrCode } from './QrCode'
import { useReplyForm } from './reply-form'

interface TwoFactorStartProps {
  /** Where to go afterward. */
  next: string | null
  /** To a set-up that was begun too long ago. */
  reply: Reply | undefined
}

/** The first step: what it is, and a button that makes the secret. */
export function TwoFactorStart({ next, reply }: TwoFactorStartProps) {
  const [form] = useReplyForm({ id: 'start-two-factor', reply })
  return (
    <PostForm form={form} className="flex flex-col gap-4">
      <FormErrors form={form} />
      <p>
        With two-factor authentication you sign in with your password and a six-digit code from an app on your
        phone or in your password manager. Somebody who learns your password can't sign in without it.
      </p>
      {next && <input type="hidden" name="next" value={next} />}
      <SubmitButton name="intent" value="start">
        Start
      </SubmitButton>
    </PostForm>
  )
}

interface TwoFactorSetUpProps {
  /** In base32. */
  secret: string
  /** `otpauth://...` */
  uri: string
  qr: { size: number; path: string }
  email: string
  /** Where to go afterward. */
  next: string | null
  reply: Reply | undefined
}

/** The second step: hands the secret to the app, and asks for a code that shows that it arrived. */
export function TwoFactorSetUp({ secret, uri, qr, email, next, reply }: TwoFactorSetUpProps) {
  const [form, fields] = useReplyForm<{ code: string; currentPassword: string }>({
    id: 'enable-two-factor',
    reply,
  })
  return (
    <>
      <p>Scan this code with your authenticator app.</p>
      <QrCode {...qr} label="QR code for your authenticator app" />
      <div className="flex flex-col gap-1">
        <p>
          Can't scan it?{' '}
          <a href={uri} className="text-accent underline">
            Open it in an app on this device
          </a>
          , or enter this key:
        </p>
        <code className="rounded-md border border-line bg-hover px-3 py-2 font-mono text-sm wrap-anywhere select-all">
          {secret.replace(/.{4}(?=.)/g, '$& ')}
        </code>
      </div>
      <PostForm form={form} className="flex flex-col gap-4">
        <FormErrors form={form} />
        <CodeField field={fields.code} description="Six digits that the app shows now." digits />
        <CurrentPassword field={fields.currentPassword} email={email} />
        <SubmitButton name="intent" value="enable" pendingLabel="Turning on…">
          Turn on
        </SubmitButton>
      </PostForm>
      <PostForm>
        {next && <input type="hidden" name="next" value={next} />}
        <SubmitButton size="small" variant="secondary" name="intent" value="start">
          Start over with a new key
        </SubmitButton>
      </PostForm>
    </>
  )
}
