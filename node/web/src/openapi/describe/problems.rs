//! With which problems an operation may reply.

use polder_model::problem::ProblemType;

use super::super::{clients, people, rights, searches, syncs, webhooks};
use crate::client::operations::{Does, Operation};

/// The problems that an operation may reply with.
pub(super) fn problems(operation: &Operation) -> Vec<ProblemType> {
    use ProblemType as P;
    let mut problems = match operation.does {
        Does::Put(_) => vec![
            P::InvalidDocument,
            P::UnknownCode,
            P::FieldNotAllowed,
            P::InvalidRequest,
            P::NotAcceptable,
            P::RequestTimeout,
            P::TooManyOffers,
            P::PreconditionFailed,
            P::TooLarge,
            P::UnsupportedMediaType,
            P::Unavailable,
            P::StorageFull,
        ],
        Does::Get(_) => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable],
        Does::Delete(_) => vec![P::InvalidRequest, P::PreconditionFailed, P::Unavailable, P::StorageFull],
        Does::List(_) => vec![P::InvalidRequest, P::NotAcceptable, P::Unavailable],
        Does::OpenImport => vec![
            P::InvalidRequest,
            P::NotAcceptable,
            P::RequestTimeout,
            P::TooLarge,
            P::UnsupportedMediaType,
            P::Unavailable,
            P::StorageFull,
        ],
        Does::PutPart => vec![
            P::InvalidRequest,
            P::NotFound,
            P::NotAcceptable,
            P::RequestTimeout,
            P::PartDiffers,
            P::TooLarge,
            P::UnsupportedMediaType,
            P::Unavailable,
            P::StorageFull,
        ],
        Does::ListImports => vec![P::InvalidRequest, P::NotAcceptable],
        Does::DeleteImport => vec![P::InvalidRequest, P::NotFound, P::Unavailable, P::StorageFull],
        Does::GetImport | Does::Verdicts => vec![P::InvalidRequest, P::NotFound, P::NotAcceptable],
        Does::Changes => vec![P::InvalidRequest, P::CursorLost, P::NotAcceptable],
        Does::Query => vec![
            P::InvalidRequest,
            P::UnknownCode,
            P::NoDisclosure,
            P::NotAcceptable,
            P::RequestTimeout,
            P::TooLarge,
            P::UnsupportedMediaType,
            P::Unavailable,
        ],
        Does::Partners => vec![P::InvalidRequest, P::NotAcceptable],
        Does::ProposeSkills => vec![P::InvalidRequest, P::NotAcceptable, P::RequestTimeout, P::TooLarge, P::UnsupportedMediaType],
        Does::People(does) => people::problems(does),
        Does::Rights(does) => rights::problems(does),
        Does::Clients(does) => clients::problems(does),
        Does::Webhooks(does) => webhooks::problems(does),
        Does::Searches(does) => searches::problems(does),
        Does::Syncs(does) => syncs::problems(does),
        Does::OpenApi => return vec![P::InvalidRequest, P::UnsupportedMediaType],
    };
    problems.push(P::Internal);
    if operation.does.creates() {
        problems.extend([P::UnderWay, P::KeyDiffers]);
    }
    if operation.scope.is_some() {
        problems.extend([P::Unauthenticated, P::Forbidden, P::TooManyRequests, P::Unavailable]);
    }
    problems.push(P::UnsupportedMediaType);
    problems.sort_unstable_by_key(|problem| problem.urn());
    problems.dedup();
    problems
}
