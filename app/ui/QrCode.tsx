interface QrCodeProps {
  /** Modules along a side. */
  size: number
  /** The dark modules as an SVG path, in units of one module. */
  path: string
  label: string
}

/** Black on white in every theme, since readers expect that. */
export function QrCode({ size, path, label }: QrCodeProps) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="w-full max-w-56 self-center rounded-md"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
