// Passkeys: the one thing on these pages that a browser does only for a script. Without it the emailed link signs in.
"use strict";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withIds = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

async function make(options) {
  const user = { ...options.user, id: toBytes(options.user.id) };
  const publicKey = { ...options, user, excludeCredentials: withIds(options.excludeCredentials) };
  const { response, ...made } = await create("create", publicKey);
  return { ...made, response: { ...response, attestationObject: toText(made.credential.response.attestationObject) } };
}

async function answer(options) {
  const { response, ...made } = await create("get", { ...options, allowCredentials: withIds(options.allowCredentials) });
  const { authenticatorData, signature, userHandle } = made.credential.response;
  return {
    ...made,
    response: {
      ...response,
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

async function create(method, publicKey) {
  const challenge = toBytes(publicKey.challenge);
  const credential = await navigator.credentials[method]({ publicKey: { ...publicKey, challenge } });
  return {
    credential,
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: { clientDataJSON: toText(credential.response.clientDataJSON) },
  };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const problem = form.querySelector("[role=alert]");
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      const options = JSON.parse(form.dataset.options);
      const { credential, ...sent } = await (form.dataset.passkey === "add" ? make(options) : answer(options));
      form.elements.credential.value = JSON.stringify(sent);
      form.submit();
    } catch {
      problem.textContent = form.dataset.problem;
    }
  });
}
