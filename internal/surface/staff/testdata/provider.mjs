// A provider of OpenID Connect for the test: npm oidc-provider, its own trial
// pages, anybody under any password.
import { Provider } from 'oidc-provider';
const [port, redirect] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
new Provider(issuer, {
  clients: [{ client_id: 'cigogne', client_secret: 'a secret of the test', redirect_uris: [redirect] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: !id.startsWith('unproven'), name: id }) }),
  cookies: { keys: ['k'] },
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
