import { beginning } from '~/domain/beginning'

const folded = 3000

/** Text that people or agents wrote, with what is past a screenful folded away. */
export function LongText({ text }: { text: string }) {
  if (text.length <= folded * 1.5) return <p className="authored">{text}</p>
  const near = Math.max(text.lastIndexOf('\n', folded), text.lastIndexOf(' ', folded))
  // at a line's or a word's end where there is one near
  const at = beginning(text, near > folded / 2 ? near : folded).length
  return (
    <div>
      <p className="authored">{text.slice(0, at)}</p>
      <details className="group">
        <summary className="my-1 inline-block rounded-sm text-accent underline group-open:hidden">
          Show all {text.length.toLocaleString('en')} characters
        </summary>
        <p className="authored">{text.slice(at)}</p>
      </details>
    </div>
  )
}
