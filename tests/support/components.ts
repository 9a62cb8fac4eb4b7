import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

afterEach(cleanup)

// one window serves many test files
localStorage.clear()
sessionStorage.clear()
document.body.replaceChildren()
