// The certified npm oidc-provider, with one client (Teams) and people who are whoever they type.
import Provider from 'oidc-provider'
import http from 'node:http'

const { port, client } = JSON.parse(process.argv[2])
const issuer = `http://127.0.0.1:${port}`
const provider = new Provider(issuer, {
  clients: [client],
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  clientAuthMethods: ['private_key_jwt', 'client_secret_basic'],
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'], clientAuthSigningAlgValues: ['PS256', 'ES256'] },
})
http.createServer(provider.callback()).listen(port, '127.0.0.1', () => console.log('ready'))
