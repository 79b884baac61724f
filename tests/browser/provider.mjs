// A provider that others wrote and that is certified (npm `oidc-provider`), for the one client that is named: it tells its issuer when it listens. Whoever
// comes is Anna.
//   provider.mjs REDIRECT_URI SECRET
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [redirectUri, secret] = process.argv.slice(2);
const SUBSTANTIAL = 'http://eidas.europa.eu/LoA/substantial';
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'portal', client_secret: secret, redirect_uris: [redirectUri], response_types: ['code'], grant_types: ['authorization_code'], id_token_signed_response_alg: 'RS256' }],
    pkce: { required: () => true },
    acrValues: [SUBSTANTIAL],
    claims: { openid: ['sub'], profile: ['name'], acr: null, auth_time: null },
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: `pseudonym-${id}`, name: `${id} Voorbeeld` }) }),
    cookies: { keys: ['a key that signs cookies of this test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  });
  const callback = provider.callback();
  const answer = async (request, response) => {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      return provider.interactionFinished(request, response, { login: { accountId: 'Anna', acr: SUBSTANTIAL } });
    }
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const consent = { grantId: await grant.save() };
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
  };
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) return callback(request, response);
    return answer(request, response).catch((error) => response.writeHead(500).end(String(error.stack)));
  });
  console.log(issuer);
});
