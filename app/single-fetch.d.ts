import '@remix-run/node'

// loaders are typed as they are, without Jsonify
declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true
  }
}
