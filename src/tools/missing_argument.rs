//! What a tool still needs from the caller, and how it asks.

use crate::domain::{language::Language, phone::PhoneProblem, speech::Speech};

/// An argument that is missing or cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingArgument {
    /// The customer's name.
    Name,
    /// A number to reach the customer at; none was given and the caller's is withheld.
    Phone,
    /// A number that was given, but cannot be a telephone number.
    WholePhone,
    /// What happened.
    Description,
    /// What the caller wants to be passed on.
    Message,
    /// The postal code of the address.
    PostalCode,
    /// An appointment's length within bounds.
    Duration,
    /// Arguments that can be read at all.
    Arguments,
}

impl MissingArgument {
    /// What is to be asked for where a number was given that cannot be one.
    #[must_use]
    pub fn phone(problem: PhoneProblem) -> Self {
        match problem {
            PhoneProblem::Missing => Self::Phone,
            PhoneProblem::Incomplete | PhoneProblem::Invalid => Self::WholePhone,
        }
    }

    /// The question to the caller.
    #[must_use]
    pub fn say(self, language: Language) -> Speech {
        Speech::new(match self {
            Self::Name => language.pick("I still need a name. Who is the visit for?", "Me falta el nombre. ¿A nombre de quién es la visita?"),
            Self::Phone => language.pick("I still need a phone number. What is the best number to reach you, with the area code?", "Me falta un número de teléfono. ¿Cuál es el mejor número para llamarle, con el código de área?"),
            Self::WholePhone => language.pick("That phone number does not seem complete. Could you give it to me again, with the area code?", "Ese número de teléfono parece incompleto. ¿Me lo repite con el código de área?"),
            Self::Description => language.pick("I still need to know what is happening. Could you tell me in a few words?", "Me falta saber qué está pasando. ¿Me lo cuenta en pocas palabras?"),
            Self::Message => language.pick("I still need the message. What should I pass on?", "Me falta el recado. ¿Qué quiere que les diga?"),
            Self::PostalCode => language.pick("I still need the zip code. What is the zip code of the address?", "Me falta el código postal. ¿Cuál es el código postal de la dirección?"),
            Self::Duration => language.pick("A visit can last from one minute to eight hours. How long should it be?", "Una visita puede durar de un minuto a ocho horas. ¿Cuánto debe durar?"),
            Self::Arguments => language.pick("I did not get the details right. Could you say that again?", "No entendí bien los datos. ¿Me los repite?"),
        })
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "needs_name",
            Self::Phone | Self::WholePhone => "needs_phone",
            Self::Description => "needs_description",
            Self::Message => "needs_message",
            Self::PostalCode => "needs_postal_code",
            Self::Duration => "needs_duration",
            Self::Arguments => "needs_arguments",
        }
    }
}
