import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits as text that fits into a cookie or a link. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** How secrets are stored: they are random, so one round of SHA-256 (hex) is enough. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
