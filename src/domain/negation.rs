//! Words that deny, in English and Spanish. Which of them count differs: "can't breathe" is a danger, and "can't do Tuesday" is no Tuesday.

/// Deny what follows them.
pub const NOT: &str = "no not never without nunca jamas sin";

/// Say that there is nothing or nobody.
pub const NONE: &str = "none nobody nothing nowhere nada nadie ningun ninguna ninguno";

/// Deny one thing after another.
pub const NOR: &str = "neither nor ni tampoco";

/// Deny that something is, was or is done.
pub const IS_NOT: &str = "aint arent didnt doesnt dont hadnt hasnt havent isnt wasnt werent";

/// Deny that something can or will be done.
pub const CAN_NOT: &str = "cannot cant couldnt wont wouldnt";

/// Leave something out.
pub const EXCEPT: &str = "but except unless excepto menos pero salvo sino";
