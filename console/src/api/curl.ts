/** Return a shell command for a request, with the variables that `make env` sets: no key is in it. */
export const curl = (path: string) => `curl -H "x-api-key: $API_KEY" "$API_URL${path}"`;
