// Errors as a server words them (reference 1.5). Class names that the reference does not record are this emulator's
// choice and say so by their package.
/** An error of a service: still HTTP 200, told in XML. */ export class ServiceFault extends Error {
    cause_;
    constructor(message, cause_ = {
        className: 'arc.mf.server.Services$ExServiceError',
        superclasses: [
            'java.lang.Throwable'
        ]
    }){
        super(message), this.cause_ = cause_;
    }
}
/** The bare message that every client compares with (reference 1.5). */ export class SessionInvalid extends Error {
    constructor(){
        super('session is not valid');
    }
}
const THROWABLE = 'java.lang.Throwable';
export const notAuthorized = (message)=>new ServiceFault(message, {
        className: 'arc.mf.server.actor.ExNotAuthorized',
        superclasses: [
            THROWABLE
        ]
    });
export const noNamespace = (path)=>new ServiceFault(`The namespace '${path}' does not exist or is not accessible`, {
        className: 'arc.mf.modules.asset.Namespace$ExNotFound',
        superclasses: [
            'arc.exception.NotFoundException',
            THROWABLE
        ]
    });
export const noAsset = (reference)=>new ServiceFault(`The asset '${reference}' does not exist or is not accessible`, {
        className: 'emulator.asset.NotFound',
        superclasses: [
            'arc.exception.NotFoundException',
            THROWABLE
        ]
    });
export const nameExists = (namespaceId, name)=>new ServiceFault(`The namespace ${namespaceId} already contains an asset named '${name}'`, {
        className: 'arc.mf.modules.asset.Asset$ExNameExists',
        superclasses: [
            'arc.mf.server.service.Service$Exception',
            'java.lang.Exception',
            THROWABLE
        ]
    });
export const invalidArgument = (path, why = '')=>new ServiceFault(`XPath ${path} is invalid${why === '' ? '' : `: ${why}`}`, {
        className: 'emulator.InvalidArgument',
        superclasses: [
            THROWABLE
        ]
    });
/** Texts of a full store and a used-up quota are not recorded: these are the emulator's own. */ export const storeFull = (message)=>new ServiceFault(message, {
        className: 'emulator.StoreFull',
        superclasses: [
            THROWABLE
        ]
    });

//# sourceMappingURL=faults.js.map
