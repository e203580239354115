import LocalState
import Masking

extension MaskKeys {
    /// Why a key's file cannot be used.
    enum LoadFault: Error, CustomStringConvertible {
        case file(FileFault)
        case contents(FileProblem)

        var description: String {
            switch self {
            case .file(let fault): "\(fault)"
            case .contents(let problem): "\(problem)"
            }
        }
    }

    /// Reads a key file that nobody else may read.
    static func read(_ path: String) throws(LoadFault) -> MaskKeys {
        let bytes: [UInt8]
        do throws(FileFault) { bytes = try PrivateFile.read(path) } catch { throw .file(error) }
        do throws(FileProblem) { return try MaskKeys(file: bytes) } catch { throw .contents(error) }
    }

    /// Reads the key file, or makes it where there is none yet.
    static func readOrCreate(_ path: String) throws(LoadFault) -> MaskKeys {
        do throws(LoadFault) { return try read(path) } catch {
            guard case .file(let fault) = error, fault.isMissing else { throw error }
        }
        do throws(FileFault) { try PrivateFile.replaceAtomically(path, with: generateFile()) } catch {
            throw .file(error)
        }
        return try read(path)
    }
}
