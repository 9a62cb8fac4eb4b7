import type { TwoFactorState } from '~/domain/two-factor/view'
import { paths } from '~/paths'
import { LinkButton } from './button'
import { CodeField } from './CodeField'
import { ConfirmBox } from './ConfirmBox'
import { CurrentPassword } from './CurrentPassword'
import { FormErrors, PostForm, type Reply, SubmitButton } from './forms'
import { Notice } from './Notice'
import { FormActions, Section } from './page'
import { useReplyForm } from './reply-form'
import { Time } from './time'

/** An account without a second factor. */
export function TwoFactorOff() {
  return (
    <Section title="Two-factor authentication" description="Off. Your password is enough to sign in.">
      <div className="flex flex-col items-start gap-3">
        <p>Also require a code from an app. Then somebody who learns your password can't sign in.</p>
        <LinkButton to={paths.setUpTwoFactor()} variant="primary">
          Set up two-factor authentication
        </LinkButton>
      </div>
    </Section>
  )
}

const codeSources = 'From your authenticator app, or a recovery code.'

/** With this many left or fewer, the page asks for new ones. */
const fewCodes = 3

interface TwoFactorOnProps extends TwoFactorState {
  enabledAt: number
  reply: Reply | undefined
}

/** An account with a second factor: its recovery codes, and the way to turn it off. */
export function TwoFactorOn({ enabledAt, codesLeft, isReadable, reply }: TwoFactorOnProps) {
  const replyTo = (intent: string) => (reply?.reply.initialValue?.intent === intent ? reply : undefined)
  return (
    <>
      {!isReadable && (
        <Notice tone="danger" title="Your authenticator app no longer works here">
          <p>
            Docket cannot read its secret, because SESSION_SECRET was changed. Turn two-factor authentication
            off with a recovery code, and set it up again.
          </p>
        </Notice>
      )}
      <Section
        title="Two-factor authentication"
        description={
          <>
            On since <Time at={enabledAt} />. You sign in with your password and a code.
          </>
        }
      >
        <ConfirmBox label="Turn off…" open={replyTo('disable') && true}>
          <p>Somebody who learns your password can then sign in with it alone.</p>
          <TurnOff reply={replyTo('disable')} />
        </ConfirmBox>
      </Section>
      <Section
        title="Recovery codes"
        description="Each signs you in once without your authenticator app, if you lose it."
      >
        <div className="flex flex-col gap-4">
          {codesLeft <= fewCodes ? (
            <Notice tone="warn">
              <p>{codesLeft === 0 ? 'None left.' : `Only ${codesLeft} left.`} Make new ones.</p>
            </Notice>
          ) : (
            <p>{codesLeft} left.</p>
          )}
          <NewCodes reply={replyTo('new-codes')} />
        </div>
      </Section>
    </>
  )
}

function NewCodes({ reply }: { reply: Reply | undefined }) {
  const [form, fields] = useReplyForm<{ code: string; currentPassword: string }>({ id: 'new-codes', reply })
  return (
    <PostForm form={form} className="flex flex-col gap-4">
      <FormErrors form={form} />
      <CodeField field={fields.code} description={codeSources} />
      <CurrentPassword field={fields.currentPassword} />
      <FormActions>
        <SubmitButton name="intent" value="new-codes" pendingLabel="Making…">
          Make new codes
        </SubmitButton>
      </FormActions>
    </PostForm>
  )
}

function TurnOff({ reply }: { reply: Reply | undefined }) {
  const [form, fields] = useReplyForm<{ code: string; currentPassword: string }>({ id: 'turn-off', reply })
  return (
    <PostForm form={form} className="flex w-full max-w-sm flex-col gap-3">
      <FormErrors form={form} />
      <CodeField field={fields.code} description={codeSources} />
      <CurrentPassword field={fields.currentPassword} />
      <SubmitButton size="small" variant="danger" name="intent" value="disable" pendingLabel="Turning off…">
        Turn off two-factor authentication
      </SubmitButton>
    </PostForm>
  )
}
