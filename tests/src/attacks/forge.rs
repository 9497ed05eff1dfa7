//! From a case to the bytes that are sent.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::case::{Case, SignerSpec};
use super::cast::{Attack, Cast};
use super::keys::{STRANGERS, sign_hmac};
use super::scene::Scene;
use crate::gitlab::Signer as _;

/// What goes through a gateway, other headers beside it.
const LONGEST_BY_HTTP: usize = 8_000;

/// Shorter pieces turn up in log lines by chance.
const TELLING: usize = 20;

pub(super) fn forge(cast: &Cast<'_>, case: &Case) -> Attack {
    let scene = Scene::new(cast, &case.job);
    let signer = Signature::of(cast, &scene, &case.signer);
    let header = header(&scene, case, &signer);
    let payload = payload(&scene, case);
    let (header, payload) = (URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = URL_SAFE_NO_PAD.encode((signer.sign)(format!("{header}.{payload}").as_bytes()));

    let parts = [("header", header.as_bytes()), ("payload", payload.as_bytes()), ("signature", signature.as_bytes())];
    let token = scene.text(case.token.as_deref().unwrap_or("{{header}}.{{payload}}.{{signature}}"), &parts);
    let bearer = ["Bearer {{token}}".to_owned()];
    let values = case.authorization.as_deref().unwrap_or(&bearer);
    let authorization: Vec<String> =
        values.iter().map(|value| scene.text(value, &[("token", token.as_bytes())])).collect();
    Attack {
        name: case.name.clone(),
        confidential: confidential(&scene, case, &authorization),
        by_http: !scene.needs_other.get() && !case.at_once && authorization.iter().all(|value| fits_http(value)),
        expect: case.expect.clone(),
        authorization,
    }
}

/// From the first two parts of a token to its third.
type Sign<'a> = Box<dyn Fn(&[u8]) -> Vec<u8> + 'a>;

/// Who signs, what the header says of it, and how.
struct Signature<'a> {
    algorithm: String,
    kid: String,
    sign: Sign<'a>,
}

impl<'a> Signature<'a> {
    fn of(cast: &Cast<'a>, scene: &Scene<'_>, spec: &'a SignerSpec) -> Self {
        let (algorithm, kid, sign): (&str, String, Sign<'a>) = match spec {
            SignerSpec::Key(name) if name == "elliptic" => {
                ("ES256", name.clone(), Box::new(|message| STRANGERS.sign_elliptic(message)))
            }
            SignerSpec::Key(name) if name == "edwards" => {
                ("EdDSA", name.clone(), Box::new(|message| STRANGERS.sign_edwards(message)))
            }
            SignerSpec::Key(name) => return Self::rsa(cast, name, "RS256"),
            SignerSpec::Rsa { key, algorithm } => return Self::rsa(cast, key, algorithm),
            SignerSpec::Hmac { hmac, secret } => {
                let secret = scene.bytes(secret, &[]);
                (hmac, cast.instance.key_id(), Box::new(move |message| sign_hmac(hmac, &secret, message)))
            }
            SignerSpec::Nobody { algorithm, signature } => {
                let signature = scene.bytes(signature, &[]);
                (algorithm, cast.instance.key_id(), Box::new(move |_| signature.clone()))
            }
        };
        Self { algorithm: algorithm.to_owned(), kid, sign }
    }

    fn rsa(cast: &Cast<'a>, name: &str, algorithm: &str) -> Self {
        const ALGORITHMS: [&str; 6] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
        let key = cast.rsa(name).unwrap_or_else(|| panic!("the cast has no key `{name}`"));
        let known = ALGORITHMS.into_iter().find(|known| *known == algorithm);
        let key = key.with_algorithm(known.unwrap_or_else(|| panic!("RSA has no algorithm `{algorithm}`")));
        let kid = match name {
            "other" => cast.instance.key_id(),
            "second" => name.to_owned(),
            _ => key.key_id(),
        };
        Self { algorithm: algorithm.to_owned(), kid, sign: Box::new(move |message| key.sign(message)) }
    }
}

fn header(scene: &Scene<'_>, case: &Case, signer: &Signature<'_>) -> Vec<u8> {
    let mut header = case.header.clone();
    for (name, value) in [("alg", signer.algorithm.as_str()), ("kid", signer.kid.as_str()), ("typ", "JWT")] {
        header.entry(name.to_owned()).or_insert_with(|| Value::from(value));
    }
    header.retain(|_, value| !value.is_null());
    let members = header.iter().map(|(name, value)| member(name, &scene.json(value).to_string()));
    let members = members.collect::<Vec<_>>().join(",");
    match &case.header_text {
        Some(template) => scene.bytes(template, &[("header", members.as_bytes())]),
        None => format!("{{{members}}}").into_bytes(),
    }
}

fn payload(scene: &Scene<'_>, case: &Case) -> Vec<u8> {
    let mut claims = scene.claims.clone();
    claims.extend(case.claims.iter().map(|(name, value)| (name.clone(), scene.json(value))));
    claims.retain(|name, _| !case.without.contains(name) && !case.claims_json.contains_key(name));
    let as_given = claims.iter().map(|(name, value)| member(name, &value.to_string()));
    let as_text = case.claims_json.iter().map(|(name, json)| member(name, &scene.text(json, &[])));
    let first = case.first.iter().map(|template| scene.text(template, &[]));
    let last = case.last.iter().map(|template| scene.text(template, &[]));
    let members = first.chain(as_given).chain(as_text).chain(last).collect::<Vec<_>>().join(",");
    let template = case.payload.as_deref().unwrap_or("{ {{claims}} }");
    let (template, align) = template.strip_suffix("{{align}}").map_or((template, false), |template| (template, true));
    let mut payload = scene.bytes(template, &[("claims", members.as_bytes())]);
    // The end of its base64 then needs padding and has bits to spare.
    while align && payload.len() % 3 != 1 {
        payload.push(b' ');
    }
    payload
}

fn member(name: &str, json: &str) -> String {
    format!("{}:{json}", Value::from(name))
}

fn confidential(scene: &Scene<'_>, case: &Case, authorization: &[String]) -> Vec<String> {
    let pieces = authorization.iter().flat_map(|value| value.split([' ', '\t', ',', '.']));
    let mut confidential: Vec<String> = pieces.filter(|piece| piece.len() > TELLING).map(str::to_owned).collect();
    let signed_well = matches!(&case.signer, SignerSpec::Key(name) if name == "ci") && case.token.is_none();
    let unproved = match case.expect.credentials.as_str() {
        "token_missing" | "token_invalid" => true,
        "token_malformed" => !signed_well,
        _ => false,
    };
    if unproved {
        // Of all claims the one that no other token has.
        confidential.extend(scene.claims.get("jti").and_then(Value::as_str).map(str::to_owned));
    }
    confidential
}

fn fits_http(value: &str) -> bool {
    value.len() <= LONGEST_BY_HTTP && value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
