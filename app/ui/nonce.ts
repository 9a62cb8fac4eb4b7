import { createContext, useContext } from 'react'

/** The Content-Security-Policy's nonce of this answer. The server provides it; in the browser it is not needed. */
export const NonceContext = createContext('')

export const useNonce = () => useContext(NonceContext)
