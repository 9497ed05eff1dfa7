//! What is wrong with the other side's certificate.

use std::error::Error;
use std::{fmt, io};

use rustls::{CertificateError, InvalidMessage, OtherError};

/// Why no TLS session came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TlsFault {
    /// No trusted authority has signed it.
    UnknownAuthority,
    /// Its time is over.
    Expired,
    /// Its time has not come: most often the clock of this machine is wrong.
    NotYetValid,
    /// It is for somebody else.
    AnotherName,
    /// It is that of an authority: self-signed, and not made for a server.
    AuthorityAsServer,
    /// The other side does not speak TLS at all.
    NoTls,
    /// Anything else, in the words of the TLS library.
    Other(String),
}

impl TlsFault {
    /// Looks for a fault of TLS among the causes of an error.
    pub(crate) fn find(error: &(dyn Error + 'static)) -> Option<Self> {
        if let Some(fault) = error.downcast_ref::<rustls::Error>() {
            return Some(Self::from(fault));
        }
        // An `io::Error` passes over its own content when it is asked for its source.
        let content = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        match content {
            Some(content) => Self::find(content),
            None => error.source().and_then(Self::find),
        }
    }

    /// The stable word.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::UnknownAuthority => "tls_unknown_authority",
            Self::Expired => "tls_certificate_expired",
            Self::NotYetValid => "tls_certificate_not_yet_valid",
            Self::AnotherName => "tls_another_name",
            Self::AuthorityAsServer => "tls_authority_as_server",
            Self::NoTls => "tls_not_spoken",
            Self::Other(_) => "tls_failed",
        }
    }

    /// What to do about it.
    pub(crate) fn remedy(&self) -> &'static str {
        match self {
            Self::UnknownAuthority => {
                "name the PEM file of the authority in AWS_CA_BUNDLE or SSL_CERT_FILE, or install `ca-certificates` in the job's image"
            }
            Self::Expired => "tell Brevet's administrators; if others get through, check the clock of this machine",
            Self::NotYetValid => "check the clock of this machine",
            Self::AnotherName => "use the name that the certificate was made for in BREVET_URL",
            Self::AuthorityAsServer => {
                "let the server have a certificate that an authority has signed for it, with `CA:FALSE` in its basic constraints"
            }
            Self::NoTls => "check the port in BREVET_URL, and whether a proxy stands in between",
            Self::Other(_) => "check whether a proxy or firewall between here and there breaks TLS",
        }
    }
}

impl From<&rustls::Error> for TlsFault {
    fn from(fault: &rustls::Error) -> Self {
        match fault {
            rustls::Error::InvalidCertificate(certificate) => match certificate {
                CertificateError::UnknownIssuer => Self::UnknownAuthority,
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                    Self::AnotherName
                }
                CertificateError::Other(other) if is_an_authority(other) => Self::AuthorityAsServer,
                other => Self::Other(other.to_string()),
            },
            rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => Self::NoTls,
            other => Self::Other(other.to_string()),
        }
    }
}

fn is_an_authority(fault: &OtherError) -> bool {
    fault.0.downcast_ref() == Some(&webpki::Error::CaUsedAsEndEntity)
}

impl fmt::Display for TlsFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownAuthority => {
                formatter.write_str("shows a certificate of an authority that is not trusted here")
            }
            Self::Expired => formatter.write_str("shows a certificate that has expired"),
            Self::NotYetValid => formatter.write_str("shows a certificate that is not valid yet"),
            Self::AnotherName => formatter.write_str("shows a certificate for another name"),
            Self::AuthorityAsServer => {
                formatter.write_str("shows the certificate of an authority in place of a server's")
            }
            Self::NoTls => formatter.write_str("does not speak TLS"),
            Self::Other(cause) => write!(formatter, "cannot be spoken to over TLS: {cause}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_fault_below_any_number_of_wrappings() {
        let fault = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let wrapped = io::Error::other(io::Error::other(fault));
        assert_eq!(TlsFault::find(&wrapped), Some(TlsFault::UnknownAuthority));
        assert_eq!(TlsFault::find(&io::Error::other("connection reset")), None);
    }
}
