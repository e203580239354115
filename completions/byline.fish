function __byline_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __byline_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __byline_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __byline_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __byline_parse_tokens -S
    set -l unparsed_tokens (__byline_tokens -pc)
    switch $unparsed_tokens[1]
    case 'byline'
        __byline_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'login'
            __byline_parse_subcommand 1 'device' 'browser' 'client-credentials=' 'token-file=' 'issuer=' 'resource=' 'redirect-port=' 'storage=' 'certificate-authority=' 'issuer-certificate-authority=' 'client-certificate=' 'client-key=' 'version' 'h/help'
        case 'logout'
            __byline_parse_subcommand 0 'gateway=' 'version' 'h/help'
        case 'whoami'
            __byline_parse_subcommand 0 'gateway=' 'o/output=' 'version' 'h/help'
        case 'credential'
            __byline_parse_subcommand 0 'gateway=' 'model=' 'provider=' 'prompt-id=' 'prompt-file=' 'conversation=' 'agent=' 'tool-call=' 'send-prompt' 'version' 'h/help'
        case 'setup'
            __byline_parse_subcommand 0 'gateway=' 'cluster=+' 'kubeconfig=' 'token-file=' 'client-credentials=' 'print' 'remove' 'certificate-authority=' 'issuer-certificate-authority=' 'client-certificate=' 'client-key=' 'version' 'h/help'
        case 'run'
            __byline_parse_subcommand -r 1 'gateway=' 'cluster=' 'model=' 'provider=' 'prompt-id=' 'prompt-file=' 'conversation=' 'agent=' 'tool-call=' 'send-prompt' 'version' 'h/help'
        case 'kubectl'
            __byline_parse_subcommand -r 1 'gateway=' 'cluster=' 'model=' 'provider=' 'prompt-id=' 'prompt-file=' 'conversation=' 'agent=' 'tool-call=' 'send-prompt' 'annotate=' 'annotation-prefix=' 'version' 'h/help'
        case 'annotate'
            __byline_parse_subcommand 0 'f/filename=+' 'R/recursive' 'o/output=' 'check' 'model=' 'provider=' 'prompt-id=' 'prompt-file=' 'conversation=' 'agent=' 'tool-call=' 'annotation-prefix=' 'version' 'h/help'
        case 'shim'
            __byline_parse_subcommand 0 'gateway=' 'cluster=' 'kubeconfig=' 'port=' 'model=' 'provider=' 'prompt-id=' 'prompt-file=' 'conversation=' 'agent=' 'tool-call=' 'send-prompt' 'version' 'h/help'
        case 'context'
            __byline_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'show'
                __byline_parse_subcommand 0 'model=' 'provider=' 'prompt-id=' 'prompt-file=' 'conversation=' 'agent=' 'tool-call=' 'o/output=' 'version' 'h/help'
            case 'set'
                __byline_parse_subcommand 0 'model=' 'provider=' 'prompt-id=' 'prompt-file=' 'conversation=' 'agent=' 'tool-call=' 'version' 'h/help'
            case 'clear'
                __byline_parse_subcommand -r 1 'version' 'h/help'
            end
        case 'hook'
            __byline_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'report'
                __byline_parse_subcommand 1 'send-prompt' 'version' 'h/help'
            case 'install'
                __byline_parse_subcommand 1 'print' 'remove' 'send-prompt' 'version' 'h/help'
            end
        case 'sessions'
            __byline_parse_subcommand 0 'identity=' 'model=' 'agent=' 'prompt-id=' 'cluster=' 'since=' 'until=' 'limit=' 'gateway=' 'o/output=' 'version' 'h/help'
        case 'exchanges'
            __byline_parse_subcommand 0 'identity=' 'model=' 'agent=' 'prompt-id=' 'cluster=' 'since=' 'until=' 'limit=' 'session=' 'verb=' 'resource=' 'n/namespace=' 'name=' 'outcome=' 'decision=' 'text=' 'gateway=' 'o/output=' 'version' 'h/help'
        case 'show'
            __byline_parse_subcommand 1 'request' 'response' 'channel=' 'unseal' 'identity=' 'gateway=' 'o/output=' 'version' 'h/help'
        case 'replay'
            __byline_parse_subcommand 1 'bodies' 'all' 'gateway=' 'o/output=' 'version' 'h/help'
        case 'doctor'
            __byline_parse_subcommand 0 'gateway=' 'o/output=' 'q/quiet' 'forget-hook-faults' 'version' 'h/help'
        case 'completion'
            __byline_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'bash'
                __byline_parse_subcommand 0 'version' 'h/help'
            case 'zsh'
                __byline_parse_subcommand 0 'version' 'h/help'
            case 'fish'
                __byline_parse_subcommand 0 'version' 'h/help'
            case 'install'
                __byline_parse_subcommand 1 'version' 'h/help'
            end
        case 'help'
            __byline_parse_subcommand -r 1 'version'
        end
    end
end

function __byline_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __byline_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __byline_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __byline_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__byline_tokens -p)
    if test -z "$(__byline_tokens -t)"
        set -l index (count (__byline_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'byline' -f
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'login' -d 'sign in at a gateway'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'logout' -d 'forget the sign-in at a gateway, and have the issuer revoke it'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'whoami' -d 'show who is signed in, and where'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'credential' -d 'print a session token for a Kubernetes client (exec credential plugin)'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'setup' -d 'add the gateway\'s clusters to a kubeconfig, as contexts byline-CLUSTER'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'run' -d 'run a command whose requests to Kubernetes are tagged and recorded'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'kubectl' -d 'run kubectl, tagged and recorded, with every manifest annotated'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'annotate' -d 'write into manifests who writes them'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'shim' -d 'tag the requests of programs that are started elsewhere: editors, MCP servers, CI jobs'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'context' -d 'show who writes: model, prompt, session, and where each was learned'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'hook' -d 'take what an AI tool says of its session, and install the hooks that do so'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'sessions' -d 'list the recorded sessions, the latest first'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'exchanges' -d 'search the recorded exchanges, the latest first'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'show' -d 'show a session, or one exchange with its bodies'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'replay' -d 'replay a session: every exchange in its order'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'doctor' -d 'check everything on the way to the cluster, and say what to do about each fault'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'completion' -d 'print the completion script of a shell, or install it'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" device' -l 'device' -d 'approve on a page, here or on another machine (RFC 8628)'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" browser' -l 'browser' -d 'use a browser on this machine, even where no display is seen'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" client-credentials' -l 'client-credentials' -d 'a program\'s id and secret' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" token-file' -l 'token-file' -d 'a token, read anew whenever one is needed' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" issuer' -l 'issuer' -d 'which of the gateway\'s issuers (default: its first)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" resource' -l 'resource' -d 'whom the access token is to be for (RFC 8707); the gateway is shown that token' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" redirect-port' -l 'redirect-port' -d 'the port of 127.0.0.1 that the browser comes back to (default: any free one)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" storage' -l 'storage' -d 'where its tokens are kept: file (0600), keyring (Linux\'s, on no disk, until your last process ends), or auto' -rfka 'file keyring auto'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" certificate-authority' -l 'certificate-authority' -d 'PEM to verify the gateway against (default: $BYLINE_CERTIFICATE_AUTHORITY, else the system\'s authorities)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" issuer-certificate-authority' -l 'issuer-certificate-authority' -d 'PEM to verify the issuer against, besides the system\'s authorities (default: the gateway\'s)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" client-certificate' -l 'client-certificate' -d 'a client certificate to show, PEM' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" client-key' -l 'client-key' -d 'its key, PEM' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline login" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline logout" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline logout" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline logout" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline whoami" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline whoami" o output' -l 'output' -s 'o' -d 'table, json or yaml' -rfka 'table json yaml'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline whoami" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline whoami" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline credential" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline credential" model' -l 'model' -d 'the model that writes (default: $BYLINE_MODEL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline credential" provider' -l 'provider' -d 'who serves the model (default: $BYLINE_PROVIDER)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline credential" prompt-id' -l 'prompt-id' -d 'the prompt\'s id (default: $BYLINE_PROMPT_ID)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline credential" prompt-file' -l 'prompt-file' -d 'a file with the prompt, of which the SHA-256 is taken' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline credential" conversation' -l 'conversation' -d 'the conversation; runs that share it are one session (default: $BYLINE_CONVERSATION)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline credential" agent' -l 'agent' -d 'the agent\'s name (default: $BYLINE_AGENT)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline credential" tool-call' -l 'tool-call' -d 'the tool call (default: $BYLINE_TOOL_CALL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline credential" send-prompt' -l 'send-prompt' -d 'send the prompt\'s text too, of 64 KiB at most, where the gateway records it (default: BYLINE_SEND_PROMPT=1)'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline credential" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline credential" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup"' -l 'cluster' -d 'only this cluster; may be given again (default: all)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" kubeconfig' -l 'kubeconfig' -d 'the file (default: the first in $KUBECONFIG, else ~/.kube/config)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" token-file' -l 'token-file' -d 'sign in with this token, read anew whenever one is needed' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" client-credentials' -l 'client-credentials' -d 'sign in with this program\'s id and secret' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" print' -l 'print' -d 'print it, and write nothing'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" remove' -l 'remove' -d 'take away what byline setup has written'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" certificate-authority' -l 'certificate-authority' -d 'PEM to verify the gateway against (default: $BYLINE_CERTIFICATE_AUTHORITY, else the system\'s authorities)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" issuer-certificate-authority' -l 'issuer-certificate-authority' -d 'PEM to verify the issuer against, besides the system\'s authorities (default: the gateway\'s)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" client-certificate' -l 'client-certificate' -d 'a client certificate to show, PEM' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" client-key' -l 'client-key' -d 'its key, PEM' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline setup" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" cluster' -l 'cluster' -d 'the cluster to begin with (default: $BYLINE_CLUSTER, else the gateway\'s only one)' -rfka '(__byline_custom_completion ---completion run -- --cluster (count (__byline_tokens -pc)) (__byline_tokens -tC))'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" model' -l 'model' -d 'the model that writes (default: $BYLINE_MODEL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" provider' -l 'provider' -d 'who serves the model (default: $BYLINE_PROVIDER)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" prompt-id' -l 'prompt-id' -d 'the prompt\'s id (default: $BYLINE_PROMPT_ID)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" prompt-file' -l 'prompt-file' -d 'a file with the prompt, of which the SHA-256 is taken' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" conversation' -l 'conversation' -d 'the conversation; runs that share it are one session (default: $BYLINE_CONVERSATION)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" agent' -l 'agent' -d 'the agent\'s name (default: $BYLINE_AGENT)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" tool-call' -l 'tool-call' -d 'the tool call (default: $BYLINE_TOOL_CALL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" send-prompt' -l 'send-prompt' -d 'send the prompt\'s text too, of 64 KiB at most, where the gateway records it (default: BYLINE_SEND_PROMPT=1)'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" cluster' -l 'cluster' -d 'the cluster to begin with (default: $BYLINE_CLUSTER, else the gateway\'s only one)' -rfka '(__byline_custom_completion ---completion kubectl -- --cluster (count (__byline_tokens -pc)) (__byline_tokens -tC))'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" model' -l 'model' -d 'the model that writes (default: $BYLINE_MODEL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" provider' -l 'provider' -d 'who serves the model (default: $BYLINE_PROVIDER)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" prompt-id' -l 'prompt-id' -d 'the prompt\'s id (default: $BYLINE_PROMPT_ID)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" prompt-file' -l 'prompt-file' -d 'a file with the prompt, of which the SHA-256 is taken' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" conversation' -l 'conversation' -d 'the conversation; runs that share it are one session (default: $BYLINE_CONVERSATION)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" agent' -l 'agent' -d 'the agent\'s name (default: $BYLINE_AGENT)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" tool-call' -l 'tool-call' -d 'the tool call (default: $BYLINE_TOOL_CALL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" send-prompt' -l 'send-prompt' -d 'send the prompt\'s text too, of 64 KiB at most, where the gateway records it (default: BYLINE_SEND_PROMPT=1)'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" annotate' -l 'annotate' -d 'auto or off (default: $BYLINE_ANNOTATE, else auto)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" annotation-prefix' -l 'annotation-prefix' -d 'the DNS prefix of the annotations (default: $BYLINE_ANNOTATION_PREFIX, else byline.dev)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline kubectl" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate"' -s 'f' -l 'filename' -d 'a file, a folder, a pattern or a URL; - for standard input (default: -); can be repeated' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" R recursive' -s 'R' -l 'recursive' -d 'look into the folders of a folder, too'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" o output' -s 'o' -l 'output' -d 'the folder to write to, which may be the one that is read (default: standard output)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" check' -l 'check' -d 'write nothing, and end with 1 where something would change'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" model' -l 'model' -d 'the model that writes (default: $BYLINE_MODEL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" provider' -l 'provider' -d 'who serves the model (default: $BYLINE_PROVIDER)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" prompt-id' -l 'prompt-id' -d 'the prompt\'s id (default: $BYLINE_PROMPT_ID)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" prompt-file' -l 'prompt-file' -d 'a file with the prompt, of which the SHA-256 is taken' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" conversation' -l 'conversation' -d 'the conversation; runs that share it are one session (default: $BYLINE_CONVERSATION)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" agent' -l 'agent' -d 'the agent\'s name (default: $BYLINE_AGENT)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" tool-call' -l 'tool-call' -d 'the tool call (default: $BYLINE_TOOL_CALL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" annotation-prefix' -l 'annotation-prefix' -d 'the DNS prefix of the annotations (default: $BYLINE_ANNOTATION_PREFIX, else byline.dev)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline annotate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" cluster' -l 'cluster' -d 'the cluster of the current context (default: $BYLINE_CLUSTER, else the first)' -rfka '(__byline_custom_completion ---completion shim -- --cluster (count (__byline_tokens -pc)) (__byline_tokens -tC))'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" kubeconfig' -l 'kubeconfig' -d 'the kubeconfig to write (default: one in the state folder)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" port' -l 'port' -d 'the port of 127.0.0.1; a kubeconfig for it stays good when the shim is started again (default: any free one)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" model' -l 'model' -d 'the model that writes (default: $BYLINE_MODEL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" provider' -l 'provider' -d 'who serves the model (default: $BYLINE_PROVIDER)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" prompt-id' -l 'prompt-id' -d 'the prompt\'s id (default: $BYLINE_PROMPT_ID)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" prompt-file' -l 'prompt-file' -d 'a file with the prompt, of which the SHA-256 is taken' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" conversation' -l 'conversation' -d 'the conversation; runs that share it are one session (default: $BYLINE_CONVERSATION)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" agent' -l 'agent' -d 'the agent\'s name (default: $BYLINE_AGENT)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" tool-call' -l 'tool-call' -d 'the tool call (default: $BYLINE_TOOL_CALL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" send-prompt' -l 'send-prompt' -d 'send the prompt\'s text too, of 64 KiB at most, where the gateway records it (default: BYLINE_SEND_PROMPT=1)'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline shim" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline context" -eq 1' -fa 'show' -d 'show each field, its value and where it was learned'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline context" -eq 1' -fa 'set' -d 'say who writes, for a tool that has no hooks'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline context" -eq 1' -fa 'clear' -d 'forget what byline context set has said'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context show" model' -l 'model' -d 'the model that writes (default: $BYLINE_MODEL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context show" provider' -l 'provider' -d 'who serves the model (default: $BYLINE_PROVIDER)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context show" prompt-id' -l 'prompt-id' -d 'the prompt\'s id (default: $BYLINE_PROMPT_ID)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context show" prompt-file' -l 'prompt-file' -d 'a file with the prompt, of which the SHA-256 is taken' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context show" conversation' -l 'conversation' -d 'the conversation; runs that share it are one session (default: $BYLINE_CONVERSATION)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context show" agent' -l 'agent' -d 'the agent\'s name (default: $BYLINE_AGENT)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context show" tool-call' -l 'tool-call' -d 'the tool call (default: $BYLINE_TOOL_CALL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context show" o output' -l 'output' -s 'o' -d 'table, json or yaml' -rfka 'table json yaml'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context show" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context set" model' -l 'model' -d 'the model that writes (default: $BYLINE_MODEL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context set" provider' -l 'provider' -d 'who serves the model (default: $BYLINE_PROVIDER)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context set" prompt-id' -l 'prompt-id' -d 'the prompt\'s id (default: $BYLINE_PROMPT_ID)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context set" prompt-file' -l 'prompt-file' -d 'a file with the prompt, of which the SHA-256 is taken' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context set" conversation' -l 'conversation' -d 'the conversation; runs that share it are one session (default: $BYLINE_CONVERSATION)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context set" agent' -l 'agent' -d 'the agent\'s name (default: $BYLINE_AGENT)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context set" tool-call' -l 'tool-call' -d 'the tool call (default: $BYLINE_TOOL_CALL)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context set" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context set" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context clear" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline context clear" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline hook" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline hook" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline hook" -eq 1' -fa 'report' -d 'take a tool\'s hook JSON on standard input'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline hook" -eq 1' -fa 'install' -d 'add the hooks to a tool\'s settings'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline hook report" -eq 1' -fka 'claude-code codex gemini cursor'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline hook report" send-prompt' -l 'send-prompt' -d 'keep the prompt\'s text, of 64 KiB at most, until the next one, for gateways that record it'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline hook report" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline hook report" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline hook install" -eq 1' -fka 'claude-code codex gemini cursor'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline hook install" print' -l 'print' -d 'print the file as it would be, and change nothing'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline hook install" remove' -l 'remove' -d 'take the hooks out again'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline hook install" send-prompt' -l 'send-prompt' -d 'have the hooks keep each prompt\'s text for gateways that record it; without it, its SHA-256 alone'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline hook install" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline hook install" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" identity' -l 'identity' -d 'of this caller' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" model' -l 'model' -d 'of this model' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" agent' -l 'agent' -d 'of this agent' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" prompt-id' -l 'prompt-id' -d 'of this prompt' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" cluster' -l 'cluster' -d 'at this cluster' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" since' -l 'since' -d 'begun then or later: RFC 3339 in UTC, or how long ago: 90s, 30m, 2h, 7d' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" until' -l 'until' -d 'begun before that' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" limit' -l 'limit' -d 'how many, at most' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" o output' -l 'output' -s 'o' -d 'table, json or yaml' -rfka 'table json yaml'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline sessions" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" identity' -l 'identity' -d 'of this caller' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" model' -l 'model' -d 'of this model' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" agent' -l 'agent' -d 'of this agent' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" prompt-id' -l 'prompt-id' -d 'of this prompt' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" cluster' -l 'cluster' -d 'at this cluster' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" since' -l 'since' -d 'begun then or later: RFC 3339 in UTC, or how long ago: 90s, 30m, 2h, 7d' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" until' -l 'until' -d 'begun before that' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" limit' -l 'limit' -d 'how many, at most' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" session' -l 'session' -d 'of this session' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" verb' -l 'verb' -d 'with this verb of Kubernetes, as create or delete' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" resource' -l 'resource' -d 'of this resource: deployments, deployments.apps, pods/exec; in any group and with its subresources unless named' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" n namespace' -l 'namespace' -s 'n' -d 'in this namespace' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" name' -l 'name' -d 'of the object of this name' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" outcome' -l 'outcome' -d 'that ended so: complete, clientClosed, upstreamClosed, failed, unknown, or open' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" decision' -l 'decision' -d 'of which policy said so: allow, deny' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" text' -l 'text' -d 'with this in the object\'s name or the prompt\'s id' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" o output' -l 'output' -s 'o' -d 'table, json or yaml' -rfka 'table json yaml'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline exchanges" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline show" -eq 1' -fka '(__byline_custom_completion ---completion show -- positional@0 (count (__byline_tokens -pc)) (__byline_tokens -tC))'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline show" request' -l 'request' -d 'write the request\'s body, and nothing else'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline show" response' -l 'response' -d 'write the response\'s body, and nothing else'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline show" channel' -l 'channel' -d 'write what passed through a channel, and nothing else' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline show" unseal' -l 'unseal' -d 'put back what was masked; reading the seal is recorded'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline show" identity' -l 'identity' -d 'the auditor\'s key, as byline-gateway keys generate auditor made it' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline show" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline show" o output' -l 'output' -s 'o' -d 'table, json or yaml' -rfka 'table json yaml'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline show" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline replay" -eq 1' -fka '(__byline_custom_completion ---completion replay -- positional@0 (count (__byline_tokens -pc)) (__byline_tokens -tC))'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline replay" bodies' -l 'bodies' -d 'print what was sent and what came back'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline replay" all' -l 'all' -d 'give each request of API discovery a line of its own'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline replay" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline replay" o output' -l 'output' -s 'o' -d 'table, json or yaml' -rfka 'table json yaml'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline replay" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline replay" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline doctor" gateway' -l 'gateway' -d 'the gateway (default: $BYLINE_GATEWAY, else the one signed in at last)' -rfka ''
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline doctor" o output' -l 'output' -s 'o' -d 'table, json or yaml' -rfka 'table json yaml'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline doctor" q quiet' -l 'quiet' -s 'q' -d 'print only what is at fault'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline doctor" forget-hook-faults' -l 'forget-hook-faults' -d 'forget what went wrong in hooks so far'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline doctor" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline completion" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline completion" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline completion" -eq 1' -fa 'bash' -d 'print the script for bash'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline completion" -eq 1' -fa 'zsh' -d 'print the script for zsh'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline completion" -eq 1' -fa 'fish' -d 'print the script for fish'
complete -c 'byline' -n '__byline_should_offer_completions_for_positional "byline completion" -eq 1' -fa 'install' -d 'install the script for your shell, or the one named'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline completion bash" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline completion bash" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline completion zsh" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline completion zsh" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline completion fish" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline completion fish" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline completion install" version' -l 'version' -d 'Show the version.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline completion install" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'byline' -n '__byline_should_offer_completions_for_flags_or_options "byline help" version' -l 'version' -d 'Show the version.'
