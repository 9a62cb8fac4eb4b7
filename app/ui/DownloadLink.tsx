import { Download } from './icons'

export function DownloadLink({ whole }: { whole: string }) {
  return (
    <a
      href={`${whole}?download=1`}
      download
      className="inline-flex w-fit items-center gap-1 rounded-sm text-xs text-accent underline print:hidden"
    >
      <Download aria-hidden className="size-3.5" />
      Download as JSON
    </a>
  )
}
